/** Words for dates: months, weekdays, and those that move: sheetsync/cells/datewords.py. */
const DateWords = (() => {
  const MONTHS = numbered(1, [
    'январь января янв january jan',
    'февраль февраля февр фев february feb',
    'март марта мар march mar',
    'апрель апреля апр april apr',
    'май мая may',
    'июнь июня июн june jun',
    'июль июля июл july jul',
    'август августа авг august aug',
    'сентябрь сентября сент сен september sept sep',
    'октябрь октября окт october oct',
    'ноябрь ноября нояб ноя november nov',
    'декабрь декабря дек december dec',
  ]);

  /** Monday is 0. */
  const WEEKDAYS = numbered(0, [
    'понедельник понедельника понедельнику пн пон monday mon',
    'вторник вторника вторнику вт tuesday tue tues',
    'среда среду среды среде ср wednesday wed',
    'четверг четверга четвергу чт thursday thu thur thurs',
    'пятница пятницу пятницы пятнице пт friday fri',
    'суббота субботу субботы субботе сб saturday sat',
    'воскресенье воскресенья воскресенью вс вск sunday sun',
  ]);

  const COUNTS = new Set('a an one один одну two couple два две пару пара three три'.split(' '));
  const SHIFTS = new Set([
    ...'сегодня сейчас срочно немедленно today tonight now asap urgent eod'.split(' '),
    ...'завтра tomorrow tmr tmrw вчера yesterday послезавтра позавчера'.split(' '),
    'day after tomorrow',
    'day before yesterday',
    'as soon as possible',
  ]);
  // What may stand around such a word without making the cell a remark.
  const FILLERS = new Set(
    (
      'в во на к ко до после с the on at by till until call back please ' +
      'утром утро днем вечером вечер обеда обед обеду morning afternoon evening noon ' +
      'позвонить перезвонить звонить звонок созвон набрать написать связаться'
    ).split(' '),
  );

  const WORDS = /[\p{L}\p{N}_]+/gu;
  const ANY = '[\\p{L}\\p{N}_]';
  const LETTER = '[\\p{L}\\p{Nl}\\p{No}]';
  const DAY = `(?:${anyOf(WEEKDAYS)})`;
  const NEXT = `(?:след|следующ${ANY}+|next)`;
  const MOVING = [
    `(?:(?:эт[оу]т?|ближайш${ANY}+|this|coming) )?${DAY}`,
    `${NEXT} (?:недел${ANY}+|week|${DAY})`,
    `(?:прошл${ANY}+|last) ${DAY}`,
    `${NEXT} (?:месяц${ANY}*|month)`,
    '(?:конец|конце|концу|конца|end of) (?:month|месяца)',
    `(?:(?:эти|этих|this) )?(?:выходн${ANY}+|weekend)`,
  ].map((pattern) => new RegExp(`^(?:${pattern})$`, 'u'));
  const LATER = new RegExp(
    `^(?:через|in) (?:(?:a )?(?<count>\\p{Nd}{1,3}|${LETTER}+) (?:of )?)?` +
      '(?:час|минут|hour|minute|дн|день|day|недел|week|месяц|мес|month|полгода|год|лет|year)' +
      `${LETTER}*$`,
    'u',
  );

  /**
   * @param {number} first
   * @param {string[]} lines
   * @returns {ReadonlyMap<string, number>}
   */
  function numbered(first, lines) {
    return new Map(
      lines.flatMap((words, place) =>
        words.split(' ').map((word) => /** @type {[string, number]} */ ([word, first + place])),
      ),
    );
  }

  /**
   * A pattern of these words, the longest first.
   *
   * @param {ReadonlyMap<string, number>} words
   */
  function anyOf(words) {
    return [...words.keys()].sort((one, other) => other.length - one.length).join('|');
  }

  /**
   * Whether the text is a word such as `tomorrow`: a date only for who knows when it was typed.
   *
   * @param {string} text of Texts.plain form, without a time of day
   */
  function isRelative(text) {
    const phrase = (text.match(WORDS) ?? []).filter((word) => !FILLERS.has(word)).join(' ');
    if (SHIFTS.has(phrase) || MOVING.some((pattern) => pattern.test(phrase))) return true;
    const later = LATER.exec(phrase);
    const count = later?.groups?.['count'] ?? 'a';
    return later !== null && (COUNTS.has(count) || /^\p{Nd}+$/u.test(count));
  }

  return Object.freeze({ MONTHS, WEEKDAYS, anyOf, isRelative });
})();
