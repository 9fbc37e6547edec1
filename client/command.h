/* command.h: the commands of the program. */
#ifndef TRIBUTARY_CLIENT_COMMAND_H
#define TRIBUTARY_CLIENT_COMMAND_H

#include <stddef.h>

#include "arguments.h"
#include "client.h"

struct command {
    const char *name;
    const char *usage;            /* what follows the name */
    struct name summary;          /* one line */
    struct name details;          /* more for its --help; texts may be NULL */
    const struct option *options; /* ends with a nameless one; NULL: none but the common ones */
    size_t least_words, most_words;
    enum exit_status (*run)(struct client *client);
};

/* Options that every command takes. */
extern const struct option common_options[];

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);

/* Prints the list of commands, or one command's usage and options, to standard output. */
void command_show_all(struct client *client);
void command_show(struct client *client, const struct command *command);

/* One file each. */
extern const struct command command_configure, command_whoami, command_plans, command_form, command_due,
    command_template, command_check, command_submit, command_sync, command_status, command_receipt, command_rollup,
    command_indicators, command_show_document, command_revisions, command_diff, command_extension, command_calendar,
    command_attach, command_attachments, command_open_data, command_version, command_withdraw, command_attest,
    command_period, command_prepared, command_remark, command_compare, command_mail, command_review, command_meeting,
    command_audit, command_body, command_decision, command_duties, command_secretariat, command_pack;

#endif
