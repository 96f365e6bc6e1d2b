/** Developer metadata: what sheetsync and this add-on know a spreadsheet's parts by. */
const Marks = (() => {
  /**
   * All marks with a key, of a spreadsheet or within a sheet. None where Google refuses to search:
   * nobody's edit fails because of that.
   *
   * @param {GoogleAppsScript.Spreadsheet.Spreadsheet | GoogleAppsScript.Spreadsheet.Sheet} within
   * @param {string} key
   * @returns {GoogleAppsScript.Spreadsheet.DeveloperMetadata[]}
   */
  function find(within, key) {
    try {
      const finder = within.createDeveloperMetadataFinder().withKey(key);
      const found = finder.find();
      // Should a search of a sheet alone not reach its columns, one that is told to intersect does.
      return found.length > 0 ? found : finder.onIntersectingLocations().find();
    } catch (error) {
      console.warn(Trouble.trace(error));
      return [];
    }
  }

  return Object.freeze({ find });
})();
