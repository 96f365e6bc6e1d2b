/** The checksums of History: the form of sheetsync/crm/stages/chain.py, digit for digit. */
const Chain = (() => {
  const DIGITS = 16;
  const RETURN = /\r\n?/g;
  const BLANK = /[\s\x7f-\x9f\ufeff]+/g;
  const RECORD = /^(\d{1,9}):([0-9a-f]{16})$/;

  /** What a checksum is of, in its order in it. */
  const COVERED = /** @type {const} */ ([
    'lead', 'at', 'from', 'to', 'by', 'comment', 'via', 'id',
  ]);

  /**
   * The checksum of one line.
   *
   * @param {string} previous the checksum of the lead's line before it, "" for none
   * @param {Readonly<Record<typeof COVERED[number], string>>} line cells as text; `at` is an iso
   *   day or time, "" for none
   * @returns {string} 16 hex digits
   */
  function checksum(previous, line) {
    const texts = COVERED.map((key) => (key === 'at' ? moment(line.at) : canonical(line[key])));
    return Sha256.hex(JSON.stringify([previous, ...texts])).slice(0, DIGITS);
  }

  /** @param {string} at */
  function moment(at) {
    return at.length === 10 ? `${at}T00:00:00` : at;
  }

  /**
   * A cell's text in the form in which it survives every spreadsheet.
   *
   * @param {string} text
   */
  function canonical(text) {
    const kept = Texts.storable(text.replace(RETURN, '\n'));
    return kept.replace(BLANK, ' ').replace(/^ | $/g, '');
  }

  /**
   * What was recorded of a lead's last line (`3:9f86d081884c7d65`); null where it is no record.
   *
   * @param {Cell | undefined} cell
   * @returns {{ number: number, checksum: string } | null}
   */
  function record(cell) {
    const match = typeof cell === 'string' ? RECORD.exec(Texts.clean(cell)) : null;
    return match === null ? null : { number: Number(match[1]), checksum: match[2] ?? '' };
  }

  return Object.freeze({ checksum, record });
})();
