/**
 * A date, or a list to choose from, counts when it is settled: what was clicked is at once. Keys
 * pass other values on the way (the 2nd on the way to the 25th, one name on the way to the next):
 * they settle with Enter or when the field is left, and Escape goes back.
 */
const Settled = (() => {
  /** They change no value. */
  const OTHERS = new Set(['Tab', 'Shift', 'Control', 'Alt', 'Meta']);

  /**
   * @param {HTMLInputElement | HTMLSelectElement} field
   * @param {(how: {isGone: boolean}) => void} take isGone: the field was left for something else
   * @returns {{isOnItsWay: () => boolean}} whether what it shows is not to be touched
   */
  function bind(field, take) {
    let isOnItsWay = false;
    let isTabbing = false;

    /** @param {boolean} isGone */
    function settle(isGone) {
      isOnItsWay = false;
      take({ isGone });
      Store.changed();
    }

    const listened = /** @type {HTMLElement} */ (field);
    listened.addEventListener('keydown', ({ key }) => {
      isTabbing = key === 'Tab';
      if (key === 'Enter' && isOnItsWay) settle(false);
      else if (key === 'Escape') {
        isOnItsWay = false;
        Store.changed();
      } else if (key !== 'Enter' && !OTHERS.has(key)) isOnItsWay = true;
    });
    document.addEventListener('pointerdown', () => {
      isTabbing = false;
    }, { capture: true });
    listened.addEventListener('change', () => {
      if (!isOnItsWay) settle(false);
    });
    listened.addEventListener('blur', () => {
      // A click that leaves it is under way, and goes on to what was clicked.
      if (isOnItsWay) settle(!isTabbing);
    });
    return { isOnItsWay: () => isOnItsWay };
  }

  return Object.freeze({ bind });
})();
