/** E-mail addresses as people type them: sheetsync/cells/emails.py. */
const Emails = (() => {
  const LOCAL = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*";
  const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
  const ADDRESS = new RegExp(`^${LOCAL}@(?:${LABEL}\\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$`);
  // A wholly Cyrillic domain is no slip of the keyboard: почта@магазин.рф.
  const CYRILLIC_DOMAIN = new RegExp(
    `^(?:${LOCAL}|[а-яёіў0-9._-]+)@(?:[а-яёіў0-9-]+\\.)+` +
      '(?:рф|рус|москва|дети|онлайн|сайт|орг|ком|бел|укр)$',
  );
  const CYRILLIC = /[\u0400-\u04ff]/;
  const LONGEST = 254; // characters, RFC 5321 with erratum 1690

  /**
   * The address in lower case. `mailto:`, `Name <address>` and a full stop behind are tolerated.
   *
   * @param {Cell} cell
   * @returns {Reading<string>}
   */
  function readEmail(cell) {
    if (Texts.textOf(cell) === null) return Readings.EMPTY;
    if (typeof cell !== 'string') return Readings.problem('email.unreadable');
    const text = bare(Texts.ordinary(cell).toLowerCase());
    if (isAddress(text)) return Readings.of(text);
    const several = text.split(/[\s,;/|]+/).map(bare).filter(isAddress);
    if (several.length > 1) return Readings.problem('email.several');
    const mixed = text.includes('@') && !text.includes(' ') && CYRILLIC.test(text);
    return Readings.problem(mixed ? 'email.cyrillic' : 'email.unreadable');
  }

  /** @param {string} text */
  function bare(text) {
    const inside = /<([^<>@]*@[^<>]*)>/.exec(text)?.[1] ?? text;
    return Texts.strip(inside, ' <>"\'.,;:()').replace(/^mailto:/, '').trim();
  }

  /** @param {string} text */
  function isAddress(text) {
    return text.length <= LONGEST && (ADDRESS.test(text) || CYRILLIC_DOMAIN.test(text));
  }

  return Object.freeze({ readEmail });
})();
