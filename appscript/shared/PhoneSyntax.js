/**
 * How phone numbers are written, whatever the country: digits, signs between them, extensions; the
 * rules are libphonenumber's.
 *
 * Its patterns ignore case as Python does: to it ı and İ are i, too.
 */
const PhoneSyntax = (() => {
  const DIGIT = '\\p{Nd}';
  const PLUS = '+\\uFF0B';
  const LETTER = 'A-Za-z\\u0130\\u0131';
  /** An x stands for a carrier's code in some countries. */
  const PUNCTUATION =
    '\\-x\\u2010-\\u2015\\u2212\\u30FC\\uFF0D-\\uFF0F \\u00A0\\u00AD\\u200B\\u2060\\u3000' +
    '()\\uFF08\\uFF09\\uFF3B\\uFF3D.\\[\\]/~\\u2053\\u223C\\uFF5E';
  const BLANKS = ' \\u00A0\\t,';
  const I = '[i\\u0130\\u0131]';

  /**
   * Extensions: the clearer the word before them, the more digits they may have.
   *
   * @param {boolean} parsing whether commas and semicolons tell them, too, as on mobile phones
   */
  function extensions(parsing) {
    const clear =
      `(?:e?xt(?:ens${I}(?:o\\u0301?|\\u00F3))?n?|\\uFF45?\\uFF58\\uFF54\\uFF4E?|доб|anexo)`;
    const unclear = `(?:[x\\uFF58#\\uFF03~\\uFF5E]|${I}nt|\\uFF49\\uFF4E\\uFF54)`;
    const behind = `[:.\\uFF0E]?[${BLANKS}\\-]*`;
    const ways = [
      `;ext=(${DIGIT}{1,20})`,
      `[${BLANKS}]*${clear}${behind}(${DIGIT}{1,20})#?`,
      `[${BLANKS}]*${unclear}${behind}(${DIGIT}{1,9})#?`,
      `[\\- ]+(${DIGIT}{1,6})#`,
    ];
    const mobile = [
      `[ \\u00A0\\t]*(?:,{2}|;)${behind}(${DIGIT}{1,15})#?`,
      `[ \\u00A0\\t]*,+${behind}(${DIGIT}{1,9})#?`,
    ];
    return `(?:${[...ways, ...(parsing ? mobile : [])].join('|')})`;
  }

  const BODY = `${PUNCTUATION}*${LETTER}${DIGIT}`;
  const VIABLE = new RegExp(
    `^(?:${DIGIT}{2}|[${PLUS}]*(?:[${PUNCTUATION}*]*${DIGIT}){3,}[${BODY}]*${extensions(true)}?)$`,
    'iu',
  );
  /** Without blanks at its ends; of everything as much as a number can have. */
  const CANDIDATE = new RegExp(
    `(?:[(\\[\\uFF08\\uFF3B${PLUS}][${PUNCTUATION}]{0,4}){0,2}${DIGIT}{1,20}` +
      `(?:[${PUNCTUATION}]{0,4}${DIGIT}{1,20}){0,20}${extensions(false)}?`,
    'giu',
  );
  const EXTENSION = new RegExp(`${extensions(true)}$`, 'iu');
  const START = new RegExp(`[${PLUS}${DIGIT}]`, 'u');
  const LEADING_PLUS = new RegExp(`^[${PLUS}]+`);
  const UNWANTED_END = /[^#\p{L}\p{N}]+$/u;
  /** Of a second extension: 555-1234 x302/x2303. */
  const SECOND_NUMBER = /[\\/] *x/;
  const KEYPAD = ['ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ'];

  /** @param {string} text */
  function isViable(text) {
    return VIABLE.test(text);
  }

  /**
   * The part of a text in which a number can be: from its first digit or plus.
   *
   * @param {string} text
   */
  function possiblePart(text) {
    const start = text.search(START);
    const part = start < 0 ? '' : withoutUnwantedEnd(text.slice(start));
    return before(part, SECOND_NUMBER);
  }

  /**
   * The first piece of a text that may be a number, whatever is around it.
   *
   * @param {string} text
   * @param {number} from where to begin
   * @returns {PhoneCandidate | null}
   */
  function candidate(text, from) {
    CANDIDATE.lastIndex = from;
    const match = CANDIDATE.exec(text);
    return match && { start: match.index, text: match[0] };
  }

  /** @param {string} text */
  function withoutUnwantedEnd(text) {
    return before(text, UNWANTED_END);
  }

  /**
   * @param {string} text
   * @param {RegExp} pattern
   */
  function before(text, pattern) {
    const place = text.search(pattern);
    return place < 0 ? text : text.slice(0, place);
  }

  /**
   * @param {string} text that is viable
   * @returns {{ number: string, extension: string }} '' for none
   */
  function splitExtension(text) {
    const match = EXTENSION.exec(text);
    const number = text.slice(0, match?.index);
    const extension = match?.slice(1).find((group) => group !== undefined);
    if (extension === undefined || !isViable(number)) return { number: text, extension: '' };
    return { number, extension };
  }

  /**
   * @param {string} text
   * @returns {string | null} what follows its pluses; null where it has none
   */
  function afterPlus(text) {
    const match = LEADING_PLUS.exec(text);
    return match ? text.slice(match[0].length) : null;
  }

  /**
   * The digits to dial; with three letters or more, letters stand for keys: 1800 FLOWERS.
   *
   * @param {string} text
   */
  function dialled(text) {
    if ((text.match(/[A-Za-z]/g) ?? []).length < 3) return digits(text);
    return [...text].map((character) => key(character.toUpperCase())).join('');
  }

  /** @param {string} character */
  function key(character) {
    if (/^[0-9]$/.test(character)) return character;
    const place = KEYPAD.findIndex((letters) => letters.includes(character));
    return place < 0 ? '' : String(place + 2);
  }

  /**
   * The digits of a text, those of other scripts as ours.
   *
   * @param {string} text
   */
  function digits(text) {
    return Texts.digits(text).replace(/[^0-9]/g, '');
  }

  return Object.freeze({
    isViable,
    possiblePart,
    candidate,
    withoutUnwantedEnd,
    splitExtension,
    afterPlus,
    dialled,
    digits,
  });
})();
