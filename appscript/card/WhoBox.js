/**
 * Who is at the keyboard. Google does not tell that to an add-on that asks for so few rights, so it
 * is asked once: then the list can be one's own, and History has the right name.
 */
const WhoBox = (() => {
  function build() {
    const id = Dom.id();
    const select = Dom.el('select', { id });
    const node = Dom.el(
      'section', { class: 'notice field' },
      Dom.el('label', { for: id }, Words.say('card.who')), select,
    );
    Settled.bind(select, () => {
      if (select.value) void remember(select.value);
    });

    /** @param {CardState} state */
    function show({ model, me, page }) {
      const names = model?.team.map(({ name }) => name) ?? [];
      const isAsked = me.name === null && names.length > 0 && (page === 'card' || page === 'today');
      Dom.show(node, isAsked);
      Dom.list(select, ['', ...names], (name) => (
        Dom.el('option', { value: name }, name || Words.say('card.choose'))
      ));
      if (!isAsked) select.value = '';
    }
    return { node, show };
  }

  /** @param {string} name */
  async function remember(name) {
    const answer = await Server.read('cardMe', name);
    if (!answer.ok) {
      Troubles.tell('cardMe', answer.told, () => void remember(name));
      return;
    }
    Troubles.clear('cardMe');
    Store.set({ me: answer.me });
    Pages.focus();
  }

  return Object.freeze({ build });
})();
