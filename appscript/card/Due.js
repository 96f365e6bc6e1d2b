/** The day of a lead's next action, however it was typed: as the sheet reads it. */
const Due = (() => {
  /**
   * @param {Lead} lead
   * @param {Model} model
   * @param {string} today
   * @returns {string | null} '2026-11-21'; null where there is none, or none that can be read
   */
  function day({ cells }, model, today) {
    const how = { dayFirst: model.settings['date_order'] === 'dmy', today };
    const created = Dates.readDate(cells['created'] ?? null, { ...how, lean: 'past' }).value;
    const action = cells['next_action'] ?? null;
    return Dates.readDate(action, { ...how, anchor: created, lean: 'future' }).value;
  }

  return Object.freeze({ day });
})();
