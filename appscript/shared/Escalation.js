/** Tasks of a day that nobody moved: crm/escalation.py for one lead. */
const Escalation = (() => {
  /**
   * The day of a lead's task, where it goes to a senior; null where it does not.
   *
   * @param {Parameters<typeof Stages.isProposed>[0]} lead
   * @param {readonly PlacedLine[]} lines its log, in order
   * @param {Model} model
   * @param {string} now
   * @returns {string | null} an iso day
   */
  function due(lead, lines, model, now) {
    // A lost status is none of these, proposed or not.
    if (Stages.find(lead.status, model)?.kind !== 'open') return null;
    const manager = Stages.person(lead.cells['manager'] ?? null, model);
    if (!Stages.seniors(model).some((senior) => senior.name !== manager)) return null;
    const day = Due.day(lead, model, now.slice(0, 10));
    if (day === null || !isOver(day, model, now)) return null;
    return beganIn(lead, lines, day) === lead.status ? day : null;
  }

  /**
   * Whether the day of a task has ended.
   *
   * @param {string} day
   * @param {Model} model
   * @param {string} now
   */
  function isOver(day, model, now) {
    const today = now.slice(0, 10);
    const working = model.settings['days'] === 'working';
    if (working ? WorkingDays.between(day, today, model) > 0 : day < today) return true;
    const ended = now.slice(11, 16) >= String(model.settings['day_ends'] ?? '24:00');
    return day <= today && ended && !(working && WorkingDays.isOff(today, model));
  }

  /**
   * The status in which a lead stood when a day began; the present one where nothing is known.
   *
   * @param {{ status: string | null }} lead
   * @param {readonly PlacedLine[]} lines
   * @param {string} day
   */
  function beganIn(lead, lines, day) {
    const telling = lines.filter((line) => line.to !== '');
    const [first] = telling;
    if (first === undefined) return lead.status;
    const before = telling.filter((line) => line.place < day);
    return before[before.length - 1]?.to ?? (first.from || first.to);
  }

  return Object.freeze({ due });
})();
