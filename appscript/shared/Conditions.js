/**
 * The conditions of scoring rules, judged for one lead: sheetsync/crm/scoring/conditions.py.
 *
 * A lead whose cell is empty or can't be read is unknown to a condition: it does not meet it. Only
 * `empty` and `filled` judge emptiness; `looks_like` judges what is typed, read or not.
 */
const Conditions = (() => {
  const ABOUT_EMPTINESS = new Set(['empty', 'filled']);
  const ABOUT_AGE = new Set(['older_than', 'within']);
  const LETTER = /[\p{L}\p{Nl}\p{No}]/u;

  /**
   * @param {ScoringRule} rule
   * @param {LeadFields} fields
   * @param {string} today '2026-11-21'
   * @returns {Verdict} `matched` implies `known`
   */
  function judge({ condition, operands, subject }, fields, today) {
    const { key } = subject;
    const number = () => Arithmetic.evaluate(subject.tree, fields.numbers);
    if (ABOUT_EMPTINESS.has(condition)) {
      const known = !Arithmetic.namesIn(subject.tree).some(fields.unreadable);
      const filled = key === null ? !Number.isNaN(number()) : fields.filled(key);
      return { known, matched: known && filled === (condition === 'filled') };
    }
    if (key !== null && condition === 'looks_like') {
      const sorts = fields.junk(key);
      if (sorts === null) return { known: false, matched: false };
      return { known: true, matched: sorts.some((sort) => operands.junk.includes(sort)) };
    }
    const ways = [
      ...(operands.texts.length && key !== null
        ? [ofText(condition, operands.texts, fields.text(key))]
        : []),
      ...(operands.numbers.length
        ? [ofNumber(condition, operands.numbers, worded() ? NaN : number())]
        : []),
      ...(operands.days.length && key !== null
        ? [ofNumber(condition, operands.days, daysOf(condition, fields.days(key), today))]
        : []),
    ];
    return {
      known: ways.some((verdict) => verdict.known),
      matched: ways.some((verdict) => verdict.matched),
    };

    /** "iPhone 15" is not 15, though the number can be read in it. */
    function worded() {
      return operands.texts.length > 0 && key !== null && LETTER.test(fields.text(key) ?? '');
    }
  }

  /**
   * @param {string} condition
   * @param {string[]} wanted
   * @param {string | null} text
   * @returns {Verdict}
   */
  function ofText(condition, wanted, text) {
    if (text === null) return { known: false, matched: false };
    const matched =
      condition === 'contains'
        ? wanted.some((piece) => text.includes(piece))
        : wanted.includes(text);
    return { known: true, matched };
  }

  /**
   * @param {string} condition
   * @param {(number | null)[]} wanted a bound that is open is null
   * @param {number} value
   * @returns {Verdict}
   */
  function ofNumber(condition, wanted, value) {
    if (Number.isNaN(value)) return { known: false, matched: false };
    return { known: true, matched: compares(condition, wanted, value) };
  }

  /**
   * @param {string} condition
   * @param {(number | null)[]} wanted
   * @param {number} value
   */
  function compares(condition, wanted, value) {
    if (condition === 'equals' || condition === 'one_of') return wanted.includes(value);
    const [first = null, second = null] = wanted;
    if (condition === 'older_than') return value > (first ?? Infinity);
    const [low, high] = condition === 'within' ? [0, first] : [first, second];
    return value >= (low ?? -Infinity) && value <= (high ?? Infinity);
  }

  /**
   * @param {string} condition
   * @param {number} day
   * @param {string} today
   */
  function daysOf(condition, day, today) {
    return ABOUT_AGE.has(condition) ? Fields.dayNumber(today) - day : day;
  }

  return Object.freeze({ judge });
})();
