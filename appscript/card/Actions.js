/**
 * What an operator does to the lead. All of it shows at once. Where a change asks for a comment, the
 * field takes the focus, and both are sent together when it is left.
 */
const Actions = (() => {
  /** The lead as the sheet has it; null where it may not be edited. */
  function editable() {
    const { lead } = Store.get();
    return lead?.mayEdit ? lead : null;
  }

  /** @param {string} name of a status */
  function stand(name) {
    const lead = editable();
    const { model } = Store.get();
    if (!lead || !model) return;
    if (Outbox.laidOver(lead).status === name) {
      settle(lead);
      return;
    }
    Outbox.change(lead, 'status', name);
    if (Stages.asksComment(name, model)) ask(lead, Words.say('card.why_status', { status: name }));
    else {
      Store.set({ asked: null });
      settle(lead);
    }
  }

  /**
   * @param {string | null} day '2026-11-21'
   * @param {{isGone?: boolean}} [how] isGone: who set it has turned to something else already, and
   *   is not called back; the sheet's own question comes with its answer
   */
  function meet(day, { isGone = false } = {}) {
    const lead = editable();
    const { model, today } = Store.get();
    if (!lead || !model) return;
    const before = Due.day(Outbox.laidOver(lead), model, today);
    if (day === before) {
      settle(lead);
      return;
    }
    Outbox.change(lead, 'next_action', day === null ? null : { iso: day });
    const later = before !== null && day !== null && day > before;
    const asks = !isGone && model.settings['ask_why_moved'] === 'yes' && !isClosed(lead);
    if (later && asks && !isNewStep(lead, model)) ask(lead, Words.say('card.why_moved'));
    else settle(lead);
  }

  /** @param {Lead} lead */
  function isClosed(lead) {
    const { kind } = Outbox.laidOver(lead);
    return kind !== null && kind !== 'open';
  }

  /**
   * A date that moves together with the status is another promise, not the same one put off.
   * @param {Lead} lead
   * @param {Model} model
   */
  function isNewStep(lead, model) {
    return Stages.isNewStep(lead.status, Outbox.laidOver(lead).status, model);
  }

  /**
   * @param {Lead} lead
   * @param {string} sentence
   */
  function ask(lead, sentence) {
    if ('comment' in Outbox.changesOf(lead.id)) {
      settle(lead);
      return;
    }
    Outbox.hold(lead.id);
    Store.set({ asked: sentence });
    CommentBox.focus();
  }

  /** @param {Lead} lead */
  function settle(lead) {
    Outbox.release(lead.id);
  }

  /**
   * Choose from a list: saved at once.
   * @param {string} key
   * @param {string | null} value
   */
  function choose(key, value) {
    const lead = editable();
    if (!lead) return;
    Outbox.change(lead, key, value);
    settle(lead);
  }

  /**
   * A text as it is being typed: shown everywhere at once, saved when the field is left.
   * @param {string} key
   * @param {string} text
   */
  function type(key, text) {
    const lead = editable();
    if (lead) Outbox.change(lead, key, text, { isWriting: true });
  }

  /** Nobody is writing any more. */
  function leave() {
    const { lead } = Store.get();
    if (lead && Outbox.isHeld(lead.id)) settle(lead);
  }

  /**
   * @param {string} step
   * @param {boolean} on
   */
  function tick(step, on) {
    const lead = editable();
    if (!lead) return;
    Outbox.tick(lead, step, on);
    settle(lead);
  }

  return Object.freeze({ stand, meet, choose, type, leave, tick });
})();
