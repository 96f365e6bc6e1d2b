/** Text as bytes. Apps Script has no TextEncoder. */
const Utf8 = (() => {
  const REPLACEMENT = 0x3f;

  /**
   * @param {string} text a lone surrogate becomes "?", as by Python's errors="replace"
   * @returns {number[]}
   */
  function bytes(text) {
    /** @type {number[]} */
    const found = [];
    for (const character of text) {
      const code = character.codePointAt(0) ?? 0;
      if (code < 0x80) found.push(code);
      else if (code < 0x800) found.push(0xc0 | (code >> 6), continuation(code));
      else if (code >= 0xd800 && code <= 0xdfff) found.push(REPLACEMENT);
      else if (code < 0x10000) {
        found.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code));
      } else {
        const high = [continuation(code >> 12), continuation(code >> 6)];
        found.push(0xf0 | (code >> 18), ...high, continuation(code));
      }
    }
    return found;
  }

  /** @param {number} bits */
  function continuation(bits) {
    return 0x80 | (bits & 0x3f);
  }

  return Object.freeze({ bytes });
})();
