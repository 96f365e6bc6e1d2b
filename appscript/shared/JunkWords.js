/**
 * Words that say of themselves that they are no name, first names, and throw-away domains:
 * sheetsync/crm/junk/vocabulary.py. Unpacked out of JUNK_DATA when first asked for.
 */
const JunkWords = (() => {
  /** @type {Map<string, ReadonlySet<string>>} */
  const sets = new Map();

  /**
   * Words by the name of their list in words.toml; `parts` is all that nicknames are put together
   * of.
   *
   * @param {keyof JunkData['words'] | 'parts' | 'firstNames' | 'disposable'} list
   * @returns {ReadonlySet<string>}
   */
  function of(list) {
    const known = sets.get(list) ?? new Set(unpack(list));
    sets.set(list, known);
    return known;
  }

  /**
   * @param {keyof JunkData['words'] | 'parts' | 'firstNames' | 'disposable'} list
   * @returns {Iterable<string>}
   */
  function unpack(list) {
    if (list === 'parts') return [...of('nickname'), ...of('piece'), ...of('boast')];
    if (list === 'firstNames' || list === 'disposable') return withBeginnings(JUNK_DATA[list]);
    return JUNK_DATA.words[list].split(' ');
  }

  /**
   * Words each of which says by a capital letter how many characters it shares with the one before.
   *
   * @param {string} packed
   */
  function withBeginnings(packed) {
    let word = '';
    return (packed.match(/[A-Z][^A-Z]*/g) ?? []).map((piece) => {
      word = word.slice(0, piece.charCodeAt(0) - 65) + piece.slice(1);
      return word;
    });
  }

  /**
   * Whether a domain, or one that it is under, is of a service for throw-away addresses.
   *
   * @param {string} domain
   */
  function isDisposable(domain) {
    const labels = domain.split('.').reverse();
    return labels.some(
      (_, place) => place > 0 && of('disposable').has(labels.slice(0, place + 1).join('.')),
    );
  }

  return Object.freeze({ of, isDisposable });
})();
