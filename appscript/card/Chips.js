/**
 * A row of chips of which one is chosen: a radio group. Tab goes to the chosen one, arrows go
 * along the row, Space or Enter chooses: moving alone must change nothing in the sheet.
 */
const Chips = (() => {
  /** @typedef {{value: string, label: string, kind?: string | null}} Chip */

  const STEPS = new Map([
    ['ArrowRight', 1], ['ArrowDown', 1], ['ArrowLeft', -1], ['ArrowUp', -1],
  ]);

  /**
   * @param {string} labelledBy id of the heading
   * @param {(value: string) => void} choose
   */
  function build(labelledBy, choose) {
    const node = Dom.el('div', {
      class: 'chips', role: 'radiogroup', 'aria-labelledby': labelledBy,
    });
    node.addEventListener('keydown', (event) => along(node, event));
    /** @type {(chip: Chip) => HTMLElement} */
    const make = ({ value, label, kind }) => Dom.button(label, (event) => {
      const button = /** @type {HTMLElement} */ (event.currentTarget);
      if (button.getAttribute('aria-disabled') !== 'true') choose(value);
    }, { role: 'radio', 'data-value': value, 'data-kind': kind ?? null });

    /**
     * @param {readonly Chip[]} chips
     * @param {string | null} chosen
     * @param {boolean} enabled
     */
    function show(chips, chosen, enabled) {
      Dom.list(node, chips, make);
      const shown = buttons(node);
      const focused = shown.findIndex((chip) => chip === document.activeElement);
      const at = focused >= 0 ? focused : shown.findIndex((chip) => valueOf(chip) === chosen);
      shown.forEach((chip, place) => {
        Dom.set(chip, 'aria-checked', valueOf(chip) === chosen ? 'true' : 'false');
        Dom.set(chip, 'aria-disabled', enabled ? null : 'true');
        Dom.set(chip, 'tabindex', place === Math.max(at, 0) ? '0' : '-1');
      });
    }
    return { node, show };
  }

  /** @param {HTMLElement} node */
  function buttons(node) {
    return /** @type {HTMLElement[]} */ ([...node.children]);
  }

  /** @param {HTMLElement} chip */
  function valueOf(chip) {
    return chip.getAttribute('data-value');
  }

  /**
   * @param {HTMLElement} node
   * @param {KeyboardEvent} event
   */
  function along(node, event) {
    // Alt and an arrow go back in the browser.
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const chips = buttons(node);
    const here = chips.findIndex((chip) => chip === event.target);
    const step = STEPS.get(event.key);
    const ends = event.key === 'Home' ? 0 : event.key === 'End' ? chips.length - 1 : null;
    if (here < 0 || (step === undefined && ends === null)) return;
    event.preventDefault();
    const next = ends ?? (here + (step ?? 0) + chips.length) % chips.length;
    chips.forEach((chip, place) => Dom.set(chip, 'tabindex', place === next ? '0' : '-1'));
    chips[next]?.focus();
  }

  return Object.freeze({ build });
})();
