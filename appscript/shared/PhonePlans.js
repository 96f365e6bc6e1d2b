/**
 * The numbering plans of countries, unpacked out of PHONE_DATA (sheetsync/addon/data.py) when first
 * asked for.
 *
 * Plans and what is done with them are those of Google's libphonenumber, as the Python package
 * `phonenumbers` has them: numbers must read the same here and in a refresh.
 */
const PhonePlans = (() => {
  /** @type {Map<string, PhonePlan>} */
  const plans = new Map();

  /**
   * @param {string} region two capital letters (ISO 3166)
   * @returns {PhonePlan | null} null for what is no country
   */
  function ofRegion(region) {
    return /^[A-Z]{2}$/.test(region) ? named(region) : null;
  }

  /**
   * @param {number} code a calling code
   * @returns {string[]} the countries that share it, the main one first; '001' where it is none's
   */
  function regionsOf(code) {
    return PHONE_DATA.codes[code]?.split(' ') ?? [];
  }

  /**
   * @param {number} code a calling code
   * @returns {PhonePlan | null} of the main country, or of the code itself where it is no country's
   */
  function ofCode(code) {
    const main = regionsOf(code)[0];
    return main === undefined ? null : named(main === '001' ? String(code) : main);
  }

  /** @param {string} name a region, or a code that is no country's */
  function named(name) {
    const known = plans.get(name);
    const packed = Object.hasOwn(PHONE_DATA.plans, name) ? PHONE_DATA.plans[name] : undefined;
    if (known || !packed) return known ?? null;
    const plan = unpack(packed);
    plans.set(name, plan);
    return plan;
  }

  /**
   * @param {PackedPlan} packed
   * @returns {PhonePlan}
   */
  function unpack(packed) {
    const [
      code, usual, idd, prefix, transform, leading, trunk, extension,
      general, lengths, local, types, formats, international,
    ] = packed;
    return {
      code,
      usual,
      idd: start(idd),
      prefix: start(prefix),
      transform: text(transform),
      leading: start(leading),
      trunk: text(trunk),
      extension: text(extension) || ' ext. ',
      general: { pattern: whole(general), lengths: numbers(lengths) },
      local: numbers(local),
      types: types.flatMap((place, n) =>
        n % 2 ? [] : [{ pattern: whole(place), lengths: numbers(types[n + 1] ?? 0) }],
      ),
      formats: formats.map(unpackFormat),
      international: international.map(unpackFormat),
    };
  }

  /**
   * @param {PackedFormat} packed
   * @returns {PhoneFormat}
   */
  function unpackFormat([pattern, leading, shown, withTrunk]) {
    return {
      pattern: whole(pattern),
      leading: start(leading),
      shown: text(shown),
      withTrunk: withTrunk === 1,
    };
  }

  /** @param {number} place */
  function text(place) {
    return PHONE_DATA.texts[place] ?? '';
  }

  /** @param {number} place */
  function numbers(place) {
    return text(place).split(' ').filter(Boolean).map(Number);
  }

  /** @param {number} place of a pattern, in which d is any digit */
  function source(place) {
    return text(place).replaceAll('d', '\\d');
  }

  /** @param {number} place */
  function whole(place) {
    return new RegExp(`^(?:${source(place)})$`);
  }

  /**
   * @param {number} place
   * @returns {RegExp | null} null where there is no pattern
   */
  function start(place) {
    return place === 0 ? null : new RegExp(`^(?:${source(place)})`);
  }

  return Object.freeze({ ofRegion, ofCode, regionsOf });
})();
