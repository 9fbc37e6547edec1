/* command.h: the subcommands of tributaryd and what they share. */
#ifndef TRIBUTARY_COMMAND_COMMAND_H
#define TRIBUTARY_COMMAND_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/settings.h"
#include "db/db.h"
#include "ledger/owner_act.h"
#include "ledger/signer.h"

/* Exit statuses of tributaryd. */
enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_UNREACHABLE = 3, EXIT_FAULT = 5 };

struct command_context {
    struct setting *settings;
    size_t setting_count;
};

/* The value of a setting; NULL if unset. */
const char *setting(const struct command_context *context, const char *key);

/* A connection as the owner of the schema (migrations, plans, tokens). NULL: a message was printed. */
struct db *open_owner(const struct command_context *context);

/* Opens the signing key, making it if there is none, lists it in the database, and has each log announce it that doesn't
 * yet. False: a message was printed. */
bool open_signer(const struct command_context *context, struct db *db, struct signer *signer);

/* Reads options "--name value" into the places named by `options` (a NULL name ends them). False: a message was printed,
 * beginning with `program`. */
struct command_option {
    const char *name;
    const char **value;
};
bool read_options(const char *program, const char *usage, const struct command_option *options, int count,
                  char **arguments);

/* The jurisdiction meant: the one given, the office's, or the only one. NULL: a message was printed. The caller frees it. */
char *jurisdiction_meant(const char *program, struct db *db, const char *jurisdiction, const char *office);

/* Records an act of the owner's. EXIT_DONE with the outcome `recorded` or `unchanged`; otherwise a message was printed. */
int record_by_owner(struct command_context *context, const char *program, struct db *db, const struct owner_act *act,
                    struct owner_act_answer *ret_answer);

/* Has each log announce which key signs it, where one doesn't yet. False: a message was printed. */
bool announce_signer(struct db *db, const struct signer *signer);

/* Each takes what stands behind its name on the command line and returns an exit status. */
int command_serve(struct command_context *context, int count, char **arguments);
int command_migrate(struct command_context *context, int count, char **arguments);
int command_plan(struct command_context *context, int count, char **arguments);
int command_account(struct command_context *context, int count, char **arguments);
int command_token(struct command_context *context, int count, char **arguments);
int command_audit(struct command_context *context, int count, char **arguments);
int command_verify(struct command_context *context, int count, char **arguments);
int command_personal(struct command_context *context, int count, char **arguments);

#endif
