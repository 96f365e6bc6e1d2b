/** What typed text means where a spreadsheet is at home, and how its values look there. */
const Locale = (() => {
  const RUSSIAN = (
    'января февраля марта апреля мая июня июля августа сентября октября ноября декабря'
  ).split(' ');
  // Decimal sign, sign between groups, order of a date, signs within one, its pattern, money.
  const PLACES = {
    en_US: ['.', ',', 'mdy', '/-', 'm/d/yyyy', '$'],
    en_GB: ['.', ',', 'dmy', '/-', 'dd/mm/yyyy', '£'],
    ru_RU: [',', '\u00a0', 'dmy', './-', 'dd.mm.yyyy', '₽'],
    de_DE: [',', '.', 'dmy', './-', 'dd.mm.yyyy', '€'],
  };
  const GENERAL = 'General';

  /** How a locale writes; those we do not know read like the first of their language, or en_US. */
  function place(name) {
    const same = Object.keys(PLACES).find((each) => each.slice(0, 2) === name.slice(0, 2));
    const found = PLACES[name] ?? PLACES[same] ?? PLACES.en_US;
    const [decimal, group, order, between, date, money] = found;
    const russian = name.startsWith('ru');
    return {
      ...{ decimal, group, order, between, date, money },
      true: russian ? 'ИСТИНА' : 'TRUE',
      false: russian ? 'ЛОЖЬ' : 'FALSE',
      months: russian ? RUSSIAN : Zone.MONTHS,
    };
  }

  // -- typed text ----------------------------------------------------------------------------

  /**
   * What a script's text becomes in a cell, as if it had been typed there.
   *
   * @returns {{value?: any, formula?: string, format?: string}} `format` comes with the text
   */
  function typed(text, format, { locale, year }) {
    if (text === '') return { value: null };
    if (text.startsWith("'")) return { value: text.slice(1) || null };
    if (text.startsWith('=') && text.length > 1) return { formula: text };
    if (format === '@') return { value: text };
    if (text.startsWith('+') && text.length > 1) return { formula: `=${text}` };
    const here = place(locale);
    const bare = text.trim();
    if (['TRUE', here.true].includes(bare.toUpperCase())) return { value: true };
    if (['FALSE', here.false].includes(bare.toUpperCase())) return { value: false };
    return number(bare, here) ?? moment(bare, here, year) ?? { value: text };
  }

  function number(text, here) {
    const escaped = (letters) => letters.replace(/[.$]/g, '\\$&');
    const groups = `${escaped(here.group)}\u00a0\u202f${here.decimal === ',' ? ' ' : ''}`;
    const money = `[${escaped(here.money)}]`;
    const pattern = new RegExp(
      `^(-)?(${money})?\\s?(\\d{1,3}(?:[${groups}]\\d{3})+|\\d*)` +
        `(?:${escaped(here.decimal)}(\\d*))?([eE][+-]?\\d+)?\\s?(${money})?(%)?$`,
    );
    const found = pattern.exec(text);
    if (!found || !(found[3] || found[4])) return null;
    const [, minus, before, whole, part = '', power, after, percent] = found;
    const digits = whole.replace(/\D/g, '') || '0';
    const value = Number(`${minus ?? ''}${digits}.${part || 0}${power ?? ''}`);
    const places = part ? `.${'0'.repeat(part.length)}` : '';
    if (percent) return { value: value / 100, format: `0${places}%` };
    if (before) return { value, format: `"${here.money}"#,##0${places}` };
    if (after) return { value, format: `#,##0${places}"${here.money}"` };
    if (power) return { value, format: '0.00E+00' };
    if (digits.length !== whole.length && whole) return { value, format: `#,##0${places}` };
    return { value };
  }

  function moment(text, here, year) {
    const [first, ...rest] = text.split(' ');
    if (first.includes(':') && !rest.length) {
      const time = clock(first);
      return time && { value: time.value, format: time.format };
    }
    const date = dayOf(first, here, year);
    if (!date || date.value === null) return null;
    if (!rest.length) return date;
    const time = clock(rest.join(' '));
    return time && { value: date.value + time.value, format: `${date.format} ${time.format}` };
  }

  function clock(text) {
    const found = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text);
    if (!found) return null;
    const [hours, minutes, second] = found.slice(1).map((each) => Number(each ?? 0));
    if (hours > 23 || minutes > 59 || second > 59) return null;
    const seconds = hours * 3600 + minutes * 60 + second;
    return { value: seconds / 86_400, format: found[3] ? 'hh:mm:ss' : 'hh:mm' };
  }

  function dayOf(text, here, thisYear) {
    const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text);
    if (iso) {
      return { value: Zone.day(+iso[1], +iso[2], +iso[3]), format: 'yyyy-mm-dd' };
    }
    const between = here.between.replace('.', '\\.').replace('-', '\\-');
    const pattern = new RegExp(`^(\\d{1,2})([${between}])(\\d{1,2})(?:\\2(\\d{4}|\\d{2}))?$`);
    const found = pattern.exec(text);
    if (!found) return null;
    const at = { [here.order[0]]: found[1], [here.order[1]]: found[3] };
    const year = found[4] ? fullYear(found[4]) : thisYear;
    const letters = [...here.order.slice(0, 2)].map((each) => each.repeat(at[each].length));
    if (found[4]) letters.push('y'.repeat(found[4].length));
    return { value: Zone.day(year, +at.m, +at.d), format: letters.join(found[2]) };
  }

  function fullYear(digits) {
    const century = digits.length === 4 ? 0 : Number(digits) < 50 ? 2000 : 1900;
    return century + Number(digits);
  }

  // -- shown values --------------------------------------------------------------------------

  /** Whether a number format shows a day or a time. */
  function isDate(format) {
    if (!format || format === GENERAL || format === '@') return false;
    const bare = format.replace(/"[^"]*"|\\./g, '');
    return /[ydhs]/i.test(bare) && !/[0#]/.test(bare);
  }

  /** The text that a cell displays. */
  function shown(value, format, locale) {
    if (value === null) return '';
    const here = place(locale);
    if (typeof value === 'boolean') return value ? here.true : here.false;
    if (typeof value === 'string') return value;
    if (isDate(format)) return shownDate(value, format, here);
    if (!format || format === GENERAL || format === '@') return general(value, here);
    return shownNumber(value, format, here);
  }

  function general(value, here) {
    const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(10));
    return String(rounded).replace('.', here.decimal).replace('e+', 'E').replace('e', 'E');
  }

  function shownDate(value, format, here) {
    const at = Zone.parts(value);
    const tokens = format.match(/"[^"]*"|\\.|[ap]m?\/[ap]m?|y+|m+|d+|h+|s+|./gis) ?? [];
    const pad = (number, token) => String(number).padStart(Math.min(token.length, 2), '0');
    let last = '';
    return tokens
      .map((token, i) => {
        const letter = token[0].toLowerCase();
        const next = tokens.slice(i + 1).find((each) => /^[ymdhs]/i.test(each)) ?? '';
        const minutes = letter === 'm' && token.length < 3 && (last === 'h' || /^s/i.test(next));
        if (/^[ymdhs]+$/i.test(token)) last = letter;
        if (/^y+$/i.test(token)) {
          return token.length > 2 ? at.getUTCFullYear() : pad(at.getUTCFullYear() % 100, token);
        }
        if (/^m+$/i.test(token)) {
          if (minutes) return pad(at.getUTCMinutes(), token);
          if (token.length < 3) return pad(at.getUTCMonth() + 1, token);
          const name = here.months[at.getUTCMonth()];
          return token.length > 3 ? name : name.slice(0, 3);
        }
        if (/^d+$/i.test(token)) return pad(at.getUTCDate(), token);
        if (/^h+$/i.test(token)) return pad(at.getUTCHours(), token);
        if (/^s+$/i.test(token)) return pad(at.getUTCSeconds(), token);
        return token.startsWith('"') ? token.slice(1, -1) : token.replace(/^\\/, '');
      })
      .join('');
  }

  function shownNumber(value, format, here) {
    const [section] = format.split(';');
    const bare = section.replace(/"[^"]*"/g, (text) => '\u0001'.repeat(text.length));
    const core = /[#0,.]*[#0][#0,.]*/.exec(bare);
    if (!core) return section.replace(/"/g, '');
    const around = [section.slice(0, core.index), section.slice(core.index + core[0].length)];
    const [before, after] = around.map((text) => text.replace(/"([^"]*)"|\\(.)/g, '$1$2'));
    const [whole, part = ''] = core[0].split('.');
    const scaled = Math.abs(value) * (around.join('').includes('%') ? 100 : 1);
    let [integer, fraction = ''] = scaled.toFixed(part.length).split('.');
    const needed = part.replace(/#+$/, '').length;
    while (fraction.length > needed && fraction.endsWith('0')) fraction = fraction.slice(0, -1);
    integer = integer.padStart(whole.replace(/[^0]/g, '').length, '0');
    if (whole.includes(',')) integer = integer.replace(/\B(?=(\d{3})+$)/g, here.group);
    return (
      (value < 0 ? '-' : '') + before + integer + (fraction ? here.decimal + fraction : '') + after
    );
  }

  return Object.freeze({ GENERAL, isDate, place, shown, typed });
})();
