/** What the last refresh published for the add-on, in the hidden tab of that name. */
const Published = (() => {
  /**
   * @param {Workbook} book
   * @returns {Model | null} null while no refresh has published anything
   */
  function read(book) {
    const tab = book.tab('addon');
    const last = tab === null ? 0 : tab.sheet.getLastRow();
    if (tab === null || last < 2) return null;
    /** @type {Map<string, string>} */
    const texts = new Map();
    for (const { cells } of Tabs.rows(tab, 2, last)) {
      const [section = ''] = String(cells['key'] ?? '').split('/');
      // Not cleaned: a text is cut anywhere, also beside a blank.
      const value = cells['value'];
      if (typeof value === 'string') texts.set(section, (texts.get(section) ?? '') + value);
      else if (value !== null) texts.set(section, String(value));
    }
    if (!texts.has('statuses')) return null;
    return /** @type {Model} */ (
      Object.fromEntries([...texts].map(([section, text]) => [section, JSON.parse(text)]))
    );
  }

  /**
   * The same where it must be there.
   *
   * @param {Workbook} book
   */
  function need(book) {
    const model = read(book);
    if (model === null) throw Trouble.of('no_refresh');
    return model;
  }

  return Object.freeze({ read, need });
})();
