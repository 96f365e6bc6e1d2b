/** The end-of-day report: to the seniors and owners of Team, to each of them once a day. */
const Digest = (() => {
  const SENT = 'digest.sent';
  const PROBLEM = 'digest.problem';
  const TRIGGER = 'dailyDigest';

  /** @typedef {{ to: string, subject: string, body: string, htmlBody: string }} Mail */

  /**
   * Send the report of today to everybody who has not had it yet.
   *
   * @returns {string} what was done, in a sentence
   */
  function send() {
    if (CONFIG.digest === null) throw Trouble.of('digest_off');
    const book = Card.fitting();
    const model = Published.need(book);
    const now = Clock.now(book.zone);
    return Locked.alone(() => {
      const recipients = Stages.seniors(model).filter((member) => member.email !== null);
      if (recipients.length === 0) throw Trouble.of('digest_nobody');
      const today = now.slice(0, 10);
      const had = sent(today);
      const left = recipients.filter((member) => !had.includes(member.email ?? ''));
      if (left.length === 0) return Words.say('digest.already');
      const about = {
        title: book.spreadsheet.getName(), url: book.spreadsheet.getUrl(), today,
      };
      const report = DayReport.read(book, model, now);
      const mails = left.flatMap((member) => {
        const mail = DigestMail.write(report, member.name, about);
        return mail === null ? [] : [{ to: member.email ?? '', ...mail }];
      });
      if (mails.length === 0) return Words.say('digest.nothing');
      const quota = MailApp.getRemainingDailyQuota();
      if (quota < mails.length) throw Trouble.of('quota', { n: quota, wanted: mails.length });
      postAll(mails, today, had);
      return Words.say('digest.done', { n: mails.length });
    });
  }

  /**
   * Send all mails; one that can't be sent keeps none of the others back.
   *
   * @param {readonly Mail[]} mails
   * @param {string} today
   * @param {readonly string[]} before who had theirs
   */
  function postAll(mails, today, before) {
    const had = [...before];
    const errors = mails.flatMap((mail) => {
      try {
        post(mail, today, had);
        had.push(mail.to);
        return [];
      } catch (error) {
        return [error];
      }
    });
    if (errors.length > 0) throw errors[0];
  }

  /**
   * Send one mail. It is noted first, so that a run which is cut off never sends it twice.
   *
   * @param {Mail} mail
   * @param {string} today
   * @param {readonly string[]} before who had theirs
   */
  function post(mail, today, before) {
    note(today, [...before, mail.to]);
    try {
      MailApp.sendEmail(mail);
    } catch (error) {
      note(today, before);
      throw error;
    }
  }

  /**
   * Who had the report of a day.
   *
   * @param {string} today
   * @returns {readonly string[]}
   */
  function sent(today) {
    const text = properties().getProperty(SENT);
    const known = text === null ? null : JSON.parse(text);
    return known !== null && known.day === today ? known.to : [];
  }

  /**
   * @param {string} day
   * @param {readonly string[]} to
   */
  function note(day, to) {
    properties().setProperty(SENT, JSON.stringify({ day, to }));
  }

  function properties() {
    return PropertiesService.getDocumentProperties() ?? PropertiesService.getScriptProperties();
  }

  /** What the clock starts each day. What goes wrong is kept for "Check this sheet". */
  function daily() {
    try {
      send();
      properties().deleteProperty(PROBLEM);
    } catch (error) {
      properties().setProperty(PROBLEM, Trouble.sentence(error));
    }
  }

  /** Why the last daily report was not sent; null where it was. */
  function problem() {
    return properties().getProperty(PROBLEM);
  }

  /**
   * Switch the daily report on, or off where it is on.
   *
   * @returns {string} what it is now, in a sentence
   */
  function toggle() {
    if (CONFIG.digest === null) throw Trouble.of('digest_off');
    const mine = ScriptApp.getProjectTriggers().filter(
      (trigger) => trigger.getHandlerFunction() === TRIGGER,
    );
    for (const trigger of mine) ScriptApp.deleteTrigger(trigger);
    if (mine.length > 0) return Words.say('digest.switched_off');
    const { hour } = CONFIG.digest;
    const zone = Card.fitting().zone;
    const clock = ScriptApp.newTrigger(TRIGGER).timeBased();
    clock.everyDays(1).atHour(hour).inTimezone(zone).create();
    return Words.say('digest.switched_on', { hour });
  }

  return Object.freeze({ send, daily, problem, toggle });
})();
