/** `MailApp` with its daily quota, and the triggers of `ScriptApp`. */
const Post = (() => {
  const AuthMode = Strict.enumeration('AuthMode', ['NONE', 'CUSTOM_FUNCTION', 'LIMITED', 'FULL']);
  const AuthorizationStatus = Strict.enumeration('AuthorizationStatus', [
    'REQUIRED',
    'NOT_REQUIRED',
  ]);
  const EventType = Strict.enumeration('EventType', [
    'CLOCK',
    'ON_OPEN',
    'ON_EDIT',
    'ON_FORM_SUBMIT',
    'ON_CHANGE',
    'ON_EVENT_UPDATED',
  ]);
  const MAIL = ['to', 'cc', 'bcc', 'subject', 'body', 'htmlBody', 'name', 'noReply', 'replyTo'];
  const MOST_TRIGGERS = 20; // of one person in one script
  let quota = 100; // recipients a day, of a consumer account
  let mails = [];
  let triggers = [];

  class MailApp {
    getRemainingDailyQuota() {
      return quota;
    }
    sendEmail(...args) {
      const mail = args.length === 1 ? args[0] : letter(...args);
      const strange = Object.keys(mail).find((key) => !MAIL.includes(key));
      if (strange) throw new Error(`stand-in: MailApp.sendEmail does not know "${strange}"`);
      const recipients = [mail.to, mail.cc, mail.bcc]
        .filter(Boolean)
        .flatMap((each) => each.split(','))
        .map((each) => each.trim());
      if (!recipients.length) throw new Error('Failed to send email: no recipient');
      const wrong = recipients.find((each) => !/^[^@\s]+@[^@\s]+$/.test(each));
      if (wrong !== undefined) throw new Error(`Invalid email: ${wrong}`);
      if (recipients.length > quota) {
        throw new Error('Service invoked too many times for one day: email.');
      }
      quota -= recipients.length;
      mails.push({ ...mail, recipients });
    }
  }

  function letter(to, subject, body, options = {}) {
    return { ...options, to, subject, body };
  }

  class Trigger {
    constructor(given) {
      this.given = given;
    }
    getEventType() {
      return EventType.CLOCK;
    }
    getHandlerFunction() {
      return this.given.run;
    }
    getUniqueId() {
      return String(this.given.id);
    }
  }

  class TriggerBuilder {
    constructor(run) {
      this.run = run;
    }
    timeBased() {
      return new ClockTriggerBuilder(this.run);
    }
  }

  class ClockTriggerBuilder {
    constructor(run) {
      this.given = { run };
    }
    everyDays(days) {
      return this.set({ days });
    }
    atHour(hour) {
      if (hour < 0 || hour > 23) throw new Error('Invalid argument: hour');
      return this.set({ hour });
    }
    nearMinute(minute) {
      if (minute < 0 || minute > 59) throw new Error('Invalid argument: minute');
      return this.set({ minute });
    }
    inTimezone(zone) {
      new Intl.DateTimeFormat('en-US', { timeZone: zone });
      return this.set({ zone });
    }
    create() {
      const { user } = Access.session();
      if (!this.given.days) throw new Error('The recurrence interval must be set.');
      if (triggers.filter((each) => each.user === user).length >= MOST_TRIGGERS) {
        throw new Error('This script has too many triggers.');
      }
      const id = 1 + Math.max(0, ...triggers.map((each) => each.id));
      const trigger = { ...this.given, id, user };
      triggers.push(trigger);
      return new Trigger(trigger);
    }
    set(values) {
      Object.assign(this.given, values);
      return this;
    }
  }

  class AuthorizationInfo {
    getAuthorizationStatus() {
      return AuthorizationStatus.NOT_REQUIRED;
    }
  }

  class ScriptApp {
    newTrigger(run) {
      return new TriggerBuilder(run);
    }
    /** Everybody sees their own only. */
    getProjectTriggers() {
      const { user } = Access.session();
      return triggers.filter((each) => each.user === user).map((each) => new Trigger(each));
    }
    deleteTrigger(trigger) {
      triggers = triggers.filter((each) => each !== trigger.given);
    }
    getAuthorizationInfo() {
      return new AuthorizationInfo();
    }
    getScriptId() {
      return `script-of-${Grid.document().id}`;
    }
  }

  Strict.describe(MailApp, 'MailApp', {
    getRemainingDailyQuota: '',
    sendEmail: 'object | string string string | string string string object',
  });
  Strict.describe(Trigger, 'ScriptApp.Trigger', {
    getEventType: '',
    getHandlerFunction: '',
    getUniqueId: '',
  });
  Strict.describe(TriggerBuilder, 'ScriptApp.TriggerBuilder', { timeBased: '' });
  Strict.describe(ClockTriggerBuilder, 'ScriptApp.ClockTriggerBuilder', {
    atHour: 'int',
    create: '',
    everyDays: 'int',
    inTimezone: 'string',
    nearMinute: 'int',
  });
  Strict.describe(AuthorizationInfo, 'ScriptApp.AuthorizationInfo', {
    getAuthorizationStatus: '',
  });
  Strict.describe(
    ScriptApp,
    'ScriptApp',
    {
      deleteTrigger: 'Trigger',
      getAuthorizationInfo: 'AuthMode',
      getProjectTriggers: '',
      getScriptId: '',
      newTrigger: 'string',
    },
    { AuthMode, AuthorizationStatus, EventType },
  );

  return Object.freeze({
    AuthMode,
    app: Strict.give(new ScriptApp()),
    mail: Strict.give(new MailApp()),
    mails: () => mails,
    setQuota: (count) => (quota = count),
    triggers: () => triggers,
    forgetMails: () => (mails = []),
    forget: () => {
      [quota, mails, triggers] = [100, [], []];
    },
  });
})();
