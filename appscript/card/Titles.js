/** What the columns of Leads are called: as the sheet has them now, else as they were at first. */
const Titles = (() => {
  /** @param {string} key */
  function of(key) {
    return Needs.header(key, Store.get().model ?? { headers: {} });
  }

  return Object.freeze({ of });
})();
