/** Money as people type it, `300 т.р.`, `1,2 млн`, `$1,2k`: sheetsync/cells/money.py. */
const Money = (() => {
  // In a column of money a lone letter is thousands or millions; elsewhere it may be metres.
  const LETTERS = new Map([['т', 1e3], ['t', 1e3], ['м', 1e6], ['m', 1e6]]);

  // A sign may stand for several currencies; it is foreign only when it can't be the owner's.
  const DOLLARS = 'USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP';
  const SIGNS = new Map(
    [
      ['₽ rur', 'RUB'],
      ['р p руб рубль рубля рублей рубли rub', 'RUB BYN'],
      ['$ доллар доллара долларов долл бакс бакса баксов dollar dollars', DOLLARS],
      ['us', 'USD'],
      ['уе', 'USD EUR'],
      ['€ евро euro euros', 'EUR'],
      ['£ фунт фунта фунтов pound pounds', 'GBP EGP'],
      ['₸ тенге тг', 'KZT'],
      ['₴ грн гривна гривны гривен', 'UAH'],
      ['br', 'BYN ETB'],
      ['¥ 円 元', 'CNY JPY'],
      ['юань юаня юаней', 'CNY'],
      ['сум сумов', 'UZS'],
      ['сом сомов', 'KGS UZS'],
      ['₾ лари', 'GEL'],
      ['֏ драм драма драмов', 'AMD'],
      ['₼ манат маната манатов', 'AZN TMT'],
      ['₺ лир лира лиры', 'TRY'],
      ['₹ рупий рупия рупии', 'INR'],
      ['zł zl злотых злотый', 'PLN'],
      ['kč', 'CZK'],
      ['франк франка франков', 'CHF'],
      ['฿ бат бата батов', 'THB'],
      ['₫ донг донгов', 'VND'],
      ['дирхам дирхама дирхамов', 'AED MAD'],
      ['₪ шекель шекеля шекелей', 'ILS'],
      ['₩', 'KRW'],
    ].flatMap(([signs = '', currencies = '']) =>
      signs.split(' ').map(
        (sign) => /** @type {[string, string[]]} */ ([sign, currencies.split(' ')]),
      ),
    ),
  );
  const CODES = new Set(
    (
      'rub usd eur gbp kzt uah byn cny jpy uzs kgs gel amd azn try inr pln czk chf thb vnd aed ' +
      'ils krw cad aud nzd sgd hkd sek nok dkk huf ron rsd bgn mdl tjs tmt mxn brl ars clp cop ' +
      'egp mad'
    ).split(' '),
  );

  const LETTER = '[\\p{L}\\p{Nl}\\p{No}]';
  /** @type {[pattern: RegExp, simple: string][]} */
  const PHRASES = [
    [whole('т\\. ?р|тр|тыр'), ' тыс руб '],
    [whole('бел[а-я]*\\.? ?р(?:уб[а-я]*)?'), ' byn '],
    [whole('у\\. ?е'), ' уе '],
    [whole('где[ -]то'), ' около '],
  ];

  /** @param {string} pattern */
  function whole(pattern) {
    return new RegExp(`(?<!${LETTER})(?:${pattern})(?!${LETTER})\\.?`, 'gu');
  }

  /**
   * An amount of money, in the owner's currency.
   *
   * @param {Cell} cell
   * @param {string} currency three letters (ISO 4217): what an amount without a sign is in
   * @returns {Reading<number>}
   */
  function readMoney(cell, currency) {
    const typed = Texts.textOf(cell);
    if (cell === null || typed === null) return Readings.EMPTY;
    if (typeof cell === 'number') return amountOf(cell);
    if (typeof cell === 'object') return Readings.problem('money.date');
    if (typeof cell === 'boolean') return Readings.problem('money.unreadable');
    return readText(Texts.plain(typed), currency.trim().toUpperCase());
  }

  /**
   * @param {number} value
   * @returns {Reading<number>}
   */
  function amountOf(value) {
    return value < 0 ? Readings.problem('money.negative') : Readings.of(value);
  }

  /**
   * @param {string} text
   * @param {string} own
   * @returns {Reading<number>}
   */
  function readText(text, own) {
    const simple = PHRASES.reduce((left, [pattern, word]) => left.replace(pattern, word), text);
    const phrase = Numbers.takeApart(simple, LETTERS);
    if (phrase.amounts.length > 1) return Readings.problem('money.range');
    const value = phrase.amounts[0] ?? null;
    const meant = phrase.rest.map(currencies);
    if (value === null || meant.some((each) => each.length === 0)) {
      return Readings.problem('money.unreadable');
    }
    if (meant.some((each) => !each.includes(own))) return Readings.problem('money.other_currency');
    if (phrase.negative) return Readings.problem('money.negative');
    if (phrase.ambiguous) return Readings.problem('money.ambiguous');
    return phrase.bounded ? Readings.problem('money.range') : amountOf(value);
  }

  /**
   * The currencies that a word or sign may mean; none when it is no currency.
   *
   * @param {string} word
   */
  function currencies(word) {
    return SIGNS.get(word) ?? (CODES.has(word) ? [word.toUpperCase()] : []);
  }

  return Object.freeze({ readMoney });
})();
