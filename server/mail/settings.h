/* settings.h: what the daemon's settings say of mail, read and checked once at start. */
#ifndef TRIBUTARY_MAIL_SETTINGS_H
#define TRIBUTARY_MAIL_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/settings.h"

/* Whether the line to the mail server is encrypted: never, where the server offers it (unproven, unless there is a CA
 * file), or always and proven. */
enum mail_tls { MAIL_TLS_OFF, MAIL_TLS_OPPORTUNISTIC, MAIL_TLS_REQUIRED };

enum { MOST_REMINDER_STEPS = 16, MAIL_TEXT_SIZE = 256 };

/* Days, in order; none: 0 of them. */
struct reminder_steps {
    int days[MOST_REMINDER_STEPS];
    size_t count;
};

/* Texts belong to the settings table, but for the password. */
struct mail_settings {
    const char *url; /* NULL: no mail is made or sent */
    enum mail_tls tls;
    const char *user, *ca_file; /* or NULL */
    char password[MAIL_TEXT_SIZE];
    char from_display[MAIL_TEXT_SIZE], from_address[MAIL_TEXT_SIZE];
    const char *from_host; /* of from_address */
    const char *base_url;  /* without a slash at its end; NULL: mails have no links */
    char base_url_text[MAIL_TEXT_SIZE];
    long per_minute;    /* mails that one daemon sends */
    long retry_seconds; /* until the second attempt; later ones wait twice as long each */
    bool from_samples;  /* whether people are mailed of synthetic data too */
    struct reminder_steps before, after;
    long hour;    /* of the day, where the plan is at home, from which a day's mails are made */
    long weekday; /* 0 Sunday … 6 Saturday: of the digest, and of reminders past the last step */
};

/* Fills *ret_settings from the keys smtp_…, mail_…. False with words in ret_fault. */
bool mail_settings_read(const struct setting *settings, size_t count, struct mail_settings *ret_settings,
                        char *ret_fault, size_t fault_size);

#endif
