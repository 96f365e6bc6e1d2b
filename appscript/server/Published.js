/** What the last refresh published for the add-on, in the hidden tab of that name. */
const Published = (() => {
  /**
   * @param {Workbook} book
   * @returns {Model | null} null while no refresh has published anything
   */
  function read(book) {
    const tab = book.tab('addon');
    const [key, value] = [tab?.columns['key'], tab?.columns['value']];
    if (tab === null || key === undefined || value === undefined) return null;
    /** @type {Map<string, string>} */
    const texts = new Map();
    for (const line of tab.body) {
      const [section = ''] = String(line[key - 1]).split('/');
      // Not cleaned: a text is cut anywhere, also beside a blank. A number or a yes is JSON, too.
      texts.set(section, (texts.get(section) ?? '') + String(line[value - 1]));
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
