/** Links out of the card: to call, to write. There are no others, whatever a cell says. */
const Links = (() => {
  const E164 = /^\+[1-9]\d{6,14}$/;
  const ADDRESS = /^[^\s@<>"\p{Cs}]{1,64}@[^\s@<>"/?#\p{Cs}]{1,255}$/u;
  const ALLOWED = /^(tel:\+\d+|mailto:[^\s]+|https:\/\/wa\.me\/\d+|https:\/\/t\.me\/\+\d+)$/;

  /** @typedef {'call' | 'whatsapp' | 'telegram'} Way */

  /**
   * The address of a way to reach a phone; null where the number is none.
   * @param {Way} way
   * @param {string} e164
   */
  function phone(way, e164) {
    if (!E164.test(e164)) return null;
    if (way === 'call') return `tel:${e164}`;
    return way === 'whatsapp' ? `https://wa.me/${e164.slice(1)}` : `https://t.me/${e164}`;
  }

  /**
   * The address to write a mail to; null where it is none.
   * @param {string} address
   */
  function mail(address) {
    if (!ADDRESS.test(address)) return null;
    // An address may hold "?" or "&", which would add a subject or another recipient.
    return `mailto:${encodeURIComponent(address).replaceAll('%40', '@')}`;
  }

  /**
   * A link that opens beside the sheet; where the address is not of the allowed kinds, only text.
   * @param {string | null} address
   * @param {string} label
   * @param {Record<string, string>} [attributes]
   */
  function anchor(address, label, attributes = {}) {
    if (address === null || !ALLOWED.test(address)) return Dom.el('span', attributes, label);
    const away = { href: address, target: '_blank', rel: 'noopener noreferrer' };
    return Dom.el('a', { ...attributes, ...away }, label);
  }

  return Object.freeze({ phone, mail, anchor });
})();
