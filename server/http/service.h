/* service.h: what a running daemon consists of; handlers reach everything through it. */
#ifndef TRIBUTARY_HTTP_SERVICE_H
#define TRIBUTARY_HTTP_SERVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "attachments/uploads.h"
#include "identity/accounts.h"
#include "identity/identity.h"
#include "ledger/signer.h"
#include "ledger/watch.h"
#include "ledger/writer.h"
#include "mail/mailer.h"
#include "plans/shelf.h"

struct service {
    struct shelf *shelf;
    struct identity *identity;
    struct writer *writer;
    struct watch *watch;
    struct signer *signer;
    struct mailer *mailer;  /* NULL: this daemon sends no mail */
    const char *ready_file; /* NULL, or /readyz waits for this file */
    bool sample;            /* synthetic data; takes the feeder's clock */
    long hand_ins_per_second;
    struct upload_limits upload_limits;
    struct passwords *passwords;
    struct account_rules account_rules;
};

#endif
