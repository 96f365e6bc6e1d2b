/** Cells as texts. */
const Cells = (() => {
  /** Longer ones are read in the sheet. */
  const LONGEST = 2000;

  const CURRENCY = /^[A-Z]{3}$/;

  /**
   * What a cell says; null for an empty one.
   * @param {Cell | undefined} cell
   * @returns {string | null}
   */
  function text(cell) {
    if (cell === null || cell === undefined || typeof cell === 'boolean') return null;
    if (typeof cell === 'number') return Texts.textOf(cell);
    if (typeof cell === 'object') return Days.moment(cell.iso, Store.get().today);
    const trimmed = cell.trim();
    return trimmed.length > LONGEST ? `${whole(trimmed.slice(0, LONGEST))}…` : trimmed || null;
  }

  /**
   * Without the half of a character that a cut may leave at the end.
   * @param {string} text
   */
  function whole(text) {
    return text.replace(/\p{Cs}$/u, '');
  }

  /**
   * An amount with its currency, as the sheet reads it; what is typed, where that is no amount.
   * @param {Cell | undefined} cell
   * @param {Cell | undefined} currency
   */
  function money(cell, currency) {
    const code = String(currency);
    const { value } = Money.readMoney(cell ?? null, code);
    if (value === null) return text(cell);
    if (!CURRENCY.test(code)) return value.toLocaleString(CONFIG.lang);
    return value.toLocaleString(CONFIG.lang, {
      style: 'currency',
      currency: code,
      currencyDisplay: 'narrowSymbol',
      maximumFractionDigits: Number.isInteger(value) ? 0 : 2,
    });
  }

  /**
   * A whole number in a cell; null where there is none.
   * @param {Cell | undefined} cell
   */
  function count(cell) {
    return typeof cell === 'number' && Number.isFinite(cell) ? Math.round(cell) : null;
  }

  return Object.freeze({ text, money, count });
})();
