/**
 * Which cells of contacts look like no name, no phone, no address and no company:
 * sheetsync/crm/junk.
 *
 * Only what a cell looks like is told here; what it means for a lead the owner's rules say.
 */
const Junk = (() => {
  /**
   * The sorts of junk that a cell looks like.
   *
   * @param {string} key of the column; columns of people's own may hold names of people or of firms
   * @param {Cell} cell
   * @param {string | null} read of phones and addresses, what was understood of the cell
   * @param {string} country of the shop, two letters (ISO 3166)
   * @returns {string[]} sorted, mostly empty
   */
  function sortsOf(key, cell, read, country) {
    const typed = Texts.textOf(cell);
    if (typed === null) return [];
    const found = sortsIn(key, typed, read, country).filter((sort) => sort !== null);
    return found.sort();
  }

  /**
   * @param {string} key
   * @param {string} typed
   * @param {string | null} read
   * @param {string} country
   * @returns {(string | null)[]}
   */
  function sortsIn(key, typed, read, country) {
    if (key.startsWith('own:')) {
      return [JunkNames.sortOfName(typed), JunkCompanies.sortOfCompany(typed)];
    }
    switch (key) {
      case 'name':
        return [JunkNames.sortOfName(typed)];
      case 'company':
        return [JunkCompanies.sortOfCompany(typed)];
      case 'email':
        return [JunkEmails.sortOfEmail(read ?? typed, country)];
      case 'phone':
        return [
          read === null ? JunkPhones.sortOfUnread(typed, country) : JunkPhones.sortOfPhone(read),
        ];
      default:
        return [];
    }
  }

  return Object.freeze({ sortsOf });
})();
