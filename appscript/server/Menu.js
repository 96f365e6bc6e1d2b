/** The menu in the sheet, and the plain words that its items end with. */
const Menu = (() => {
  function build() {
    screen()
      ?.createMenu(Words.say('menu.title'))
      .addItem(Words.say('menu.card'), 'menuCard')
      .addItem(Words.say('menu.today'), 'menuToday')
      .addItem(Words.say('menu.check'), 'menuCheck')
      .addSeparator()
      .addItem(Words.say('menu.digest'), 'menuDigest')
      .addItem(Words.say('menu.daily'), 'menuDigestDaily')
      .addSeparator()
      .addItem(Words.say('menu.about'), 'menuAbout')
      .addToUi();
  }

  /**
   * Do something, and say in a dialog what came of it; in a toast where there can be no dialog.
   *
   * @param {string} title key of the dialog's title
   * @param {() => string} work gives the sentence
   */
  function tell(title, work) {
    let text;
    try {
      text = work();
    } catch (error) {
      text = Trouble.sentence(error);
    }
    const ui = screen();
    if (ui === null) SpreadsheetApp.getActiveSpreadsheet().toast(text, Words.say(title));
    else ui.alert(Words.say(title), text, ui.ButtonSet.OK);
  }

  /** What can show menus and dialogs; null where nobody looks: in a trigger, in the script editor. */
  function screen() {
    try {
      return SpreadsheetApp.getUi();
    } catch {
      return null;
    }
  }

  /** @param {CardOpened['page']} page */
  function show(page) {
    try {
      Card.show(page);
    } catch (error) {
      SpreadsheetApp.getActiveSpreadsheet().toast(Trouble.sentence(error), Words.say('menu.title'));
    }
  }

  /** What the add-on is, of which version, and what it may do. */
  function about() {
    const { version, layout } = CONFIG;
    const book = Layout.open();
    const fits = Layout.mismatch(book) ?? Words.say('about.fits');
    const mail = Words.say(CONFIG.digest === null ? 'about.no_mail' : 'about.mail');
    const what = Words.say('about.what', { version, layout });
    return [what, fits, Words.say('about.rights'), mail].join('\n\n');
  }

  return Object.freeze({ build, tell, show, about });
})();
