/** The line at the bottom: what was done, for a while. Screen readers say it when there is time. */
const Told = (() => {
  /** Long enough to notice, and to read each letter. [ms] */
  const NOTICE = 3000;
  const LETTER = 50;

  let timer = 0;

  function node() {
    return /** @type {HTMLElement} */ (document.getElementById('told'));
  }

  /** @param {string} sentence */
  function say(sentence) {
    clearTimeout(timer);
    Dom.text(node(), sentence);
    timer = window.setTimeout(() => Dom.text(node(), ''), NOTICE + LETTER * sentence.length);
  }

  return Object.freeze({ say });
})();
