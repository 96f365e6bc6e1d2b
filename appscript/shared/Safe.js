/** What comes from a cell is data: never a formula, never markup, never a link to anywhere. */
const Safe = (() => {
  // A sheet takes a text that begins so for a formula, or drops the apostrophe.
  const FORMULA = /^[=+\-'@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
  const SCHEMES = /^(?:https?|mailto|tel):/i;
  /** @type {Readonly<Record<string, string>>} */
  const MARKUP = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

  /**
   * A text as it may be written into a cell: one that could be a formula gets a blank in front.
   *
   * @param {string} typed
   */
  function text(typed) {
    return FORMULA.test(typed) ? ` ${typed}` : typed;
  }

  /**
   * A text as it may stand in HTML, also within quotes.
   *
   * @param {string} typed
   */
  function html(typed) {
    return typed.replace(/[&<>"']/g, (character) => MARKUP[character] ?? '');
  }

  /**
   * An address that may be linked to; null for any other.
   *
   * @param {string} address
   */
  function link(address) {
    const trimmed = address.trim();
    return SCHEMES.test(trimmed) ? trimmed : null;
  }

  return Object.freeze({ text, html, link });
})();
