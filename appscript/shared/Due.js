/** The days in a lead's row, however they were typed: as crm/book.py reads them. */
const Due = (() => {
  /**
   * The day of a lead's next action.
   *
   * @param {Pick<Lead, 'cells'>} lead
   * @param {Pick<Model, 'settings'>} model
   * @param {string} today
   * @returns {string | null} '2026-11-21'; null where there is none, or none that can be read
   */
  function day({ cells }, model, today) {
    const how = { dayFirst: dayFirst(model), today, anchor: created(cells, model, today) };
    return Dates.readDate(cells['next_action'] ?? null, { ...how, lean: 'future' }).value;
  }

  /**
   * The day a lead came.
   *
   * @param {Lead['cells']} cells
   * @param {Pick<Model, 'settings'>} model
   * @param {string} today
   * @returns {string | null}
   */
  function created(cells, model, today) {
    const how = { dayFirst: dayFirst(model), today };
    return Dates.readDate(cells['created'] ?? null, { ...how, lean: 'past' }).value;
  }

  /** @param {Pick<Model, 'settings'>} model */
  function dayFirst(model) {
    return model.settings['date_order'] === 'dmy';
  }

  return Object.freeze({ day, created, dayFirst });
})();
