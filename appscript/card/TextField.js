/** A field for a text of the lead: typed text is kept at every letter, and saved on leaving. */
const TextField = (() => {
  /** What is pressed there says itself what becomes of the text: it goes along, or is let go. */
  const DECIDES = '#troubles, .chips, .quick';

  /**
   * @template {HTMLInputElement | HTMLTextAreaElement} Field
   * @param {Field} field
   * @param {string} key of the column
   * @param {(event: KeyboardEvent) => boolean} saves which key saves without leaving
   * @returns {{field: Field, show: (view: CardView) => void}}
   */
  function bind(field, key, saves) {
    field.dir = 'auto';
    const listened = /** @type {HTMLElement} */ (field);
    listened.addEventListener('input', () => Actions.type(key, field.value));
    listened.addEventListener('keydown', (event) => {
      if (!event.isComposing && saves(event)) {
        event.preventDefault();
        Actions.leave();
      }
    });
    listened.addEventListener('blur', ({ relatedTarget }) => {
      // Another window in front (a call, the customer's chat) is not leaving the field.
      if (document.activeElement === field) return;
      const next = relatedTarget instanceof Element ? relatedTarget : null;
      if (!next?.closest(DECIDES)) Actions.leave();
    });
    return { field, show: (view) => show(field, key, view) };
  }

  /**
   * @param {HTMLInputElement | HTMLTextAreaElement} field
   * @param {string} key
   * @param {CardView} view
   */
  function show(field, key, { lead }) {
    const cell = lead.cells[key] ?? null;
    const text = typeof cell === 'string' ? cell : (Cells.text(cell) ?? '');
    if (field.value !== text) field.value = text;
    if (field.readOnly === lead.mayEdit) field.readOnly = !lead.mayEdit;
  }

  return Object.freeze({ bind });
})();
