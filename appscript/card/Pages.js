/** The pages of the sidebar, and the way between them. */
const Pages = (() => {
  /** @type {Map<PageName, {page: Page, button: HTMLElement}>} */
  const pages = new Map();

  function start() {
    const nav = /** @type {HTMLElement} */ (document.getElementById('pages'));
    const who = WhoBox.build();
    main().append(who.node);
    Store.listen(who.show);
    const builders = /** @type {const} */ ({
      card: LeadPage, today: TodayPage, script: CallScript, check: CheckPage,
    });
    for (const [key, builder] of Object.entries(builders)) {
      const name = /** @type {PageName} */ (key);
      const page = builder.build();
      const button = Dom.button(Words.say(`card.page_${name}`), () => go(name));
      nav.append(button);
      main().append(page.node);
      pages.set(name, { page, button });
    }
    Dom.set(nav, 'aria-label', Words.say('card.pages'));
    Store.listen(show);
    keepInSight(/** @type {HTMLElement} */ (document.getElementById('top')));
  }

  /**
   * What takes the focus is not to lie beneath what stays at the top.
   * @param {HTMLElement} top
   */
  function keepInSight(top) {
    const { style } = document.documentElement;
    new ResizeObserver(() => {
      style.scrollPaddingTop = `${top.offsetHeight + 6}px`;
    }).observe(top);
  }

  function main() {
    return /** @type {HTMLElement} */ (document.getElementById('page'));
  }

  /** @param {CardState} state */
  function show(state) {
    for (const [name, { page, button }] of pages) {
      const isHere = name === state.page;
      Dom.show(page.node, isHere);
      Dom.set(button, 'aria-current', isHere ? 'page' : null);
      if (isHere) page.show(state);
    }
  }

  /** @param {PageName} name */
  function go(name) {
    Store.set({ page: name });
    window.scrollTo(0, 0);
    pages.get(name)?.page.enter?.();
    if (name === 'card') Follower.now();
  }

  /**
   * Open the card of a lead, or a place in the sheet: its row is selected, and followed.
   * @param {string} target a lead's id, or a range
   * @param {boolean} isLead
   */
  async function visit(target, isLead) {
    Told.say(Words.say('card.opening'));
    const answer = await Server.read('cardGo', target);
    if (!answer.ok) {
      Troubles.tell('cardGo', answer.told, () => visit(target, isLead));
      return;
    }
    Troubles.clear('cardGo');
    if (!isLead) return;
    if (Store.get().lead?.id !== target) Store.set({ lead: null, other: null, opened: false });
    go('card');
    focus();
  }

  /** Where reading begins. */
  function focus() {
    main().focus();
  }

  return Object.freeze({ start, go, visit, focus });
})();
