/** The ticks of leads in the Checklist tab. */
const Checklist = (() => {
  /**
   * What is ticked for some leads, by lead and step. A few calls.
   *
   * @param {Workbook} book
   * @param {ReadonlySet<string>} ids
   * @param {Pick<Model, 'steps'>} model
   * @returns {Map<string, Record<string, boolean>>}
   */
  function of(book, ids, model) {
    /** @type {Map<string, Record<string, boolean>>} */
    const found = new Map();
    const tab = book.tab('checklist');
    if (tab === null) return found;
    const steps = model.steps.map((step) => step.id);
    for (const { cells } of Tabs.keyed(tab, 'lead', ids, ['lead', ...steps])) {
      const lead = Tabs.text(cells['lead']);
      // Two lines of one lead count as one.
      const ticks = found.get(lead) ?? {};
      for (const step of steps) {
        if (Bools.readBool(cells[step] ?? null).value === true) ticks[step] = true;
      }
      found.set(lead, ticks);
    }
    return found;
  }

  /**
   * The work of ticking steps of a lead, looked at before anything is written.
   *
   * @param {Workbook} book
   * @param {string} id
   * @param {Readonly<Record<string, boolean>>} checks step -> ticked or not
   * @returns {() => void} what writes them
   */
  function ticking(book, id, checks) {
    const steps = Object.keys(checks);
    if (steps.length === 0) return () => {};
    const tab = book.need('checklist', ['lead', ...steps]);
    const { sheet, columns } = tab;
    const place = Tabs.column(tab, 'lead').findIndex((cell) => Tabs.text(cell) === id);
    if (!sheet.getRange(Math.max(1, place + 2), 1, 1, width(tab)).canEdit()) {
      throw Trouble.of('refused');
    }
    if (place < 0) return () => append(tab, id, checks);
    return () => {
      for (const step of steps) {
        sheet.getRange(place + 2, columns[step] ?? 1).setValue(checks[step] === true);
      }
    };
  }

  /**
   * A line for a lead that no refresh has seen yet, as a refresh would add it.
   *
   * @param {TabAt} tab
   * @param {string} id
   * @param {Readonly<Record<string, boolean>>} checks
   */
  function append(tab, id, checks) {
    const cells = new Array(width(tab)).fill('');
    cells[(tab.columns['lead'] ?? 1) - 1] = id;
    for (const [step, ticked] of Object.entries(checks)) {
      cells[(tab.columns[step] ?? 1) - 1] = ticked;
    }
    tab.sheet.appendRow(cells);
  }

  /** @param {TabAt} tab */
  function width(tab) {
    return Math.max(...Object.values(tab.columns));
  }

  return Object.freeze({ of, ticking });
})();
