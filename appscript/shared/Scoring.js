/**
 * A lead's score with its reasons, its tier and how to handle it, its marks, by the rules that the
 * last refresh compiled: sheetsync/crm/scoring/{scores,tiers,marks}.py for one lead.
 */
const Scoring = (() => {
  /** Points are counted in whole millionths, so that sums are exact in any order. */
  const UNIT = 1_000_000;

  /** Keys of marks, and of the groups of rules that they come from; the gravest first. */
  const MARKS = Object.freeze(['junk', 'competitor', 'price_shopper']);

  /** Kinds of status with nothing left to handle. */
  const CLOSED = new Set(['won', 'lost', 'spam', 'partner', 'not_a_lead']);

  /**
   * @param {ScoredLead} lead
   * @param {Model} model
   * @param {string} today '2026-11-21'
   * @returns {Score}
   */
  function scoreOf(lead, model, today) {
    const fields = Fields.of(lead, model, today);
    const judged = model.rules.map((rule) => ({
      rule,
      verdict: Conditions.judge(rule, fields, today),
    }));
    const met = judged.filter(({ rule, verdict }) => rule.gives && verdict.matched);
    const works = model.rules.some((rule) => rule.on);
    const score = works ? rounded(sum(met.map(({ rule }) => rule.points))) : null;
    const tier = tierOf(score, model.settings);
    return {
      score,
      tier,
      tierName: tier === null ? null : String(model.settings[`tier_${tier}_name`] ?? ''),
      handling:
        tier === null || CLOSED.has(lead.kind ?? '')
          ? null
          : String(model.settings[`tier_${tier}_do`] ?? ''),
      marks: marksOf(
        met.map(({ rule }) => rule),
        lead.kind,
        model,
      ),
      why: met.length ? met.map(({ rule }) => rule.text).join('; ') : null,
      lines: met.map(({ rule }) => ({
        rule: rule.id,
        group: rule.group,
        points: rule.points / UNIT,
        text: rule.text,
      })),
      unknown: judged
        .filter(({ rule, verdict }) => rule.on && !verdict.known)
        .sort((one, other) => one.rule.row - other.rule.row)
        .map(({ rule }) => whyUnknown(rule, fields, model)),
    };
  }

  /**
   * Whole points, halves away from zero.
   *
   * @param {number} millionths
   */
  function rounded(millionths) {
    const whole = Math.floor((Math.abs(millionths) + UNIT / 2) / UNIT);
    return millionths < 0 && whole ? -whole : whole;
  }

  /** @param {number[]} numbers */
  function sum(numbers) {
    return numbers.reduce((total, number) => total + number, 0);
  }

  /**
   * @param {number | null} score
   * @param {Settings} settings
   * @returns {Tier | null}
   */
  function tierOf(score, settings) {
    if (score === null) return null;
    if (score >= Number(settings.tier_a)) return 'a';
    if (score >= Number(settings.tier_b)) return 'b';
    return score < Number(settings.spam_below) ? 'spam' : 'c';
  }

  /**
   * One rule that names somebody a competitor is enough; to call a lead junk, the rules of that
   * group must agree with enough points. Who paid is real, whatever they say.
   *
   * @param {ScoringRule[]} met rules that give the lead points
   * @param {string | null} kind
   * @param {Model} model
   */
  function marksOf(met, kind, model) {
    return MARKS.filter((mark) => {
      const mine = met.filter((rule) => rule.group === mark);
      if (mark !== 'junk') return mine.length > 0;
      const points = sum(mine.map((rule) => rule.points)) / UNIT;
      const enough = mine.length > 0 && points <= Number(model.settings.junk_at);
      return kind === 'spam' || (enough && kind !== 'won');
    });
  }

  /**
   * The column to fill or mend, so that a rule can tell.
   *
   * @param {ScoringRule} rule
   * @param {LeadFields} fields
   * @param {Model} model
   * @returns {UnknownRule}
   */
  function whyUnknown(rule, fields, model) {
    const keys = Arithmetic.namesIn(rule.subject.tree);
    const unreadable = keys.find(fields.unreadable);
    const empty = keys.map(Fields.heldIn).find((key) => !fields.filled(key));
    const column = unreadable ?? empty ?? keys[0] ?? '';
    const why = unreadable !== undefined ? 'unreadable' : empty !== undefined ? 'empty' : 'unusable';
    return { rule: rule.id, column, title: model.headers[column] ?? column, why };
  }

  return Object.freeze({ scoreOf });
})();
