/**
 * Numbers by the plans of countries: reads, checks and shows them as libphonenumber does
 * (`parse`, `is_possible_number_with_reason`, `is_valid_number`, `format_number`).
 */
const Numbering = (() => {
  const LONGEST_TEXT = 250;
  /** Digits without the country code, fewest and most. */
  const [SHORTEST, LONGEST] = [2, 17];
  const LONGEST_CODE = 3;
  const CONTEXT = ';phone-context=';
  const GLOBAL_CONTEXT = /^\+[\p{Nd}\-.()]*\p{Nd}[\p{Nd}\-.()]*$/u;
  const LABEL = '[A-Za-z\\p{Nd}](?:[A-Za-z\\p{Nd}\\-]*[A-Za-z\\p{Nd}])?';
  const DOMAIN_CONTEXT = new RegExp(
    `^(?:${LABEL}\\.)*[A-Za-z](?:[A-Za-z\\p{Nd}\\-]*[A-Za-z\\p{Nd}])?\\.?$`,
    'u',
  );

  /**
   * @param {string} text
   * @param {string} region how a number without a country code is read; two capital letters
   * @returns {PhoneNumber | null} null where libphonenumber raises an error
   */
  function parse(text, region) {
    if ([...text].length > LONGEST_TEXT) return null;
    const candidate = numberPart(text);
    if (candidate === null || !PhoneSyntax.isViable(candidate)) return null;
    const home = PhonePlans.ofRegion(region);
    if (home === null && PhoneSyntax.afterPlus(candidate) === null) return null;
    const { number, extension } = PhoneSyntax.splitExtension(candidate);
    const parts = splitCode(number, home);
    if (parts === null || parts.national.length < SHORTEST) return null;
    const { plan, source } = parts;
    const stripped = withoutPrefix(parts.national, plan).national;
    // What would be too short without its prefix may be a short number that begins like it.
    const kept = ['possible', 'too_long'].includes(lengthIn(plan, stripped));
    const national = kept ? stripped : parts.national;
    const fits = national.length >= SHORTEST && national.length <= LONGEST;
    return fits ? { code: plan.code, national, extension, source } : null;
  }

  /**
   * The part of a text to read; of a `tel:` link its number with its context (RFC 3966).
   *
   * @param {string} text
   * @returns {string | null} null where the context is none
   */
  function numberPart(text) {
    let part = PhoneSyntax.possiblePart(text);
    const place = text.indexOf(CONTEXT);
    if (place >= 0) {
      const [context = ''] = text.slice(place + CONTEXT.length).split(';');
      const isGlobal = GLOBAL_CONTEXT.test(context);
      if (!isGlobal && !DOMAIN_CONTEXT.test(context)) return null;
      const link = text.indexOf('tel:');
      part = (isGlobal ? context : '') + text.slice(link < 0 ? 0 : link + 4, place);
    }
    const subaddress = part.indexOf(';isub=');
    return subaddress > 0 ? part.slice(0, subaddress) : part;
  }

  /**
   * Tells the country code from the rest; without one the number is of `home`.
   *
   * @param {string} number
   * @param {PhonePlan | null} home null only where the number has a plus
   * @returns {PhoneParts | null}
   */
  function splitCode(number, home) {
    const behindPlus = PhoneSyntax.afterPlus(number);
    const digits = PhoneSyntax.dialled(behindPlus ?? number);
    if (behindPlus === null) return home && withoutPlus(digits, home);
    if (digits.length <= SHORTEST) return null;
    const parts = behindCode(digits, 'plus');
    if (parts || home === null) return parts;
    // A plus too many, before what people of the country dial to reach another one.
    const mended = withoutPlus(digits, home);
    return mended?.source === 'home' ? null : mended;
  }

  /**
   * @param {string} digits
   * @param {PhonePlan} home
   * @returns {PhoneParts | null}
   */
  function withoutPlus(digits, home) {
    const prefix = home.idd?.exec(digits)?.[0];
    // No country code begins with 0.
    if (prefix !== undefined && digits[prefix.length] !== '0') {
      const rest = digits.slice(prefix.length);
      return rest.length > SHORTEST ? behindCode(rest, 'idd') : null;
    }
    const code = String(home.code);
    const main = PhonePlans.ofCode(home.code);
    if (main && digits.startsWith(code)) {
      const { national } = withoutPrefix(digits.slice(code.length), home);
      const { pattern } = home.general;
      const isBetter = !pattern.test(digits) && pattern.test(national);
      if (isBetter || lengthIn(home, digits) === 'too_long') {
        return { plan: main, national, source: 'code' };
      }
    }
    return { plan: home, national: digits, source: 'home' };
  }

  /**
   * @param {string} digits
   * @param {PhoneSource} source
   * @returns {PhoneParts | null} null where they begin with no country's code
   */
  function behindCode(digits, source) {
    for (let length = 1; length <= LONGEST_CODE && digits[0] !== '0'; length += 1) {
      const plan = PhonePlans.ofCode(Number(digits.slice(0, length)));
      if (plan) return { plan, national: digits.slice(length), source };
    }
    return null;
  }

  /**
   * Strips the trunk prefix (8 in Russia, 0 in Germany) and a carrier's code, where that does not
   * make a number of the country into none. Some plans put something else in its place.
   *
   * @param {string} digits
   * @param {PhonePlan} plan
   * @returns {{ national: string, found: boolean }}
   */
  function withoutPrefix(digits, plan) {
    const match = digits === '' ? null : (plan.prefix?.exec(digits) ?? null);
    if (plan.prefix === null || match === null) return { national: digits, found: false };
    const replaces = plan.transform !== '' && match.at(-1) !== undefined;
    const national = replaces
      ? digits.replace(plan.prefix, plan.transform)
      : digits.slice(match[0].length);
    const { pattern } = plan.general;
    if (pattern.test(digits) && !pattern.test(national)) return { national: digits, found: false };
    return { national, found: true };
  }

  /**
   * @param {PhonePlan} plan
   * @param {string} national
   * @returns {PhoneLength}
   */
  function lengthIn({ general: { lengths }, local }, national) {
    const { length } = national;
    if (local.includes(length)) return 'local';
    if (lengths.includes(length)) return 'possible';
    if (length < Math.min(...lengths)) return 'too_short';
    return length > Math.max(...lengths) ? 'too_long' : 'between';
  }

  /**
   * Whether a number of its country can have so many digits.
   *
   * @param {PhoneNumber} number
   * @returns {PhoneLength | 'no_country'}
   */
  function lengthOf({ code, national }) {
    const plan = PhonePlans.ofCode(code);
    return plan ? lengthIn(plan, national) : 'no_country';
  }

  /** @param {PhoneNumber} number */
  function isPossible(number) {
    return ['possible', 'local'].includes(lengthOf(number));
  }

  /** @param {PhoneNumber} number */
  function isValid(number) {
    const region = regionOf(number);
    if (region === null) return false;
    const plan = region === '001' ? PhonePlans.ofCode(number.code) : PhonePlans.ofRegion(region);
    return plan !== null && isOf(plan, number.national);
  }

  /**
   * @param {PhoneNumber} number
   * @returns {string | null} '001' for a code that is no country's; null where none fits
   */
  function regionOf({ code, national }) {
    const regions = PhonePlans.regionsOf(code);
    if (regions.length <= 1) return regions[0] ?? null;
    const fits = (/** @type {string} */ region) => {
      const plan = PhonePlans.ofRegion(region);
      return plan?.leading ? plan.leading.test(national) : plan && isOf(plan, national);
    };
    return regions.find(fits) ?? null;
  }

  /**
   * Whether the plan gives such numbers to anybody.
   *
   * @param {PhonePlan} plan
   * @param {string} national
   */
  function isOf({ general, types }, national) {
    const fits = (/** @type {PhoneType} */ { lengths, pattern }) =>
      lengths.includes(national.length) && pattern.test(national);
    return fits(general) && types.some(fits);
  }

  /** @param {PhoneNumber} number */
  function e164({ code, national }) {
    return `+${code}${national}`;
  }

  /**
   * As people of other countries read it: +7 916 123-45-67.
   *
   * @param {PhoneNumber} number
   */
  function international({ code, national, extension }) {
    const plan = PhonePlans.ofCode(code);
    if (plan === null) return national;
    const formats = plan.international.length > 0 ? plan.international : plan.formats;
    const format = formatOf(formats, national);
    const shown = format ? national.replace(format.pattern, format.shown) : national;
    return `+${code} ${shown}${extension && plan.extension + extension}`;
  }

  /**
   * @param {PhoneFormat[]} formats
   * @param {string} national
   */
  function formatOf(formats, national) {
    return formats.find(
      ({ leading, pattern }) => (leading?.test(national) ?? true) && pattern.test(national),
    );
  }

  return Object.freeze({
    parse,
    withoutPrefix,
    lengthOf,
    isPossible,
    isValid,
    regionOf,
    formatOf,
    e164,
    international,
  });
})();
