/** What a proposed loss still needs, in words: crm/losses.py. */
const Needs = (() => {
  /**
   * @param {Parameters<typeof Stages.isProposed>[0]} lead whose loss is proposed
   * @param {Model} model
   * @returns {string} "" where nothing is lacking
   */
  function text(lead, model) {
    const lacks = Stages.lacking(lead, model);
    if (lacks === null) return '';
    const needs = [];
    if (lacks.reason) {
      needs.push(Words.say('needs.reason', { header: header('loss_reason', model) }));
    }
    if (lacks.approval) {
      const who = Stages.seniors(model).length > 0 ? 'senior' : 'other';
      needs.push(Words.say(`needs.${who}`, { header: header('approved_by', model) }));
    }
    if (lacks.steps.length > 0) {
      needs.push(Words.say('needs.steps', { steps: lacks.steps.join(', ') }));
    }
    return needs.join(', ');
  }

  /**
   * What people call a column of Leads.
   *
   * @param {string} key
   * @param {Pick<Model, 'headers'>} model
   */
  function header(key, model) {
    return model.headers[key] || (CONFIG.tabs['leads']?.columns[key] ?? key);
  }

  return Object.freeze({ text, header });
})();
