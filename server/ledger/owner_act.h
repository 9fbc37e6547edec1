/* owner_act.h: an act (act.h) by the schema's owner at the command line, in a transaction of its own under the log's lock. */
#ifndef TRIBUTARY_LEDGER_OWNER_ACT_H
#define TRIBUTARY_LEDGER_OWNER_ACT_H

#include "ledger/act.h"
#include "ledger/signer.h"

struct owner_act {
    const char *kind, *jurisdiction;
    const struct db_statement *statement; /* as of struct act; it may name its own parameters as it likes */
    const char *const *parameters;
};

struct owner_act_answer {
    char outcome[ACT_REASON_SIZE]; /* the statement's word */
    char id[UUID_TEXT_SIZE];       /* "" if nothing */
};

/* Runs it as role admin, actor ACTOR_NOBODY. DB_OK with outcome `recorded`: it is durable and in the log; with any other
 * outcome nothing is stored. */
enum db_status owner_act_record(struct db *db, const struct signer *signer, const struct owner_act *act,
                                struct owner_act_answer *ret_answer);

#endif
