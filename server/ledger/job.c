/* job.c: names and outcomes that every kind of job shares. */
#include "ledger/job.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct {
    const char *word;
    enum job_outcome outcome;
} outcomes[] = {
    {"recorded", JOB_RECORDED},
    {"unchanged", JOB_UNCHANGED},
    {"replay", JOB_REPLAY},
    {"idempotency_conflict", JOB_IDEMPOTENCY_CONFLICT},
    {"revision_conflict", JOB_REVISION_CONFLICT},
    {"unknown_event", JOB_UNKNOWN_EVENT},
    {"beside_changed", JOB_BESIDE_CHANGED},
    {"reviewed", JOB_REVIEWED},
    {"period_closed", JOB_PERIOD_CLOSED},
    {"withdrawn", JOB_WITHDRAWN},
    {"accepted", JOB_ACCEPTED},
    {"attest_afterwards", JOB_ATTEST_AFTERWARDS},
    {"prepared_ended", JOB_PREPARED_ENDED},
};

enum job_outcome job_outcome_parse(const char *word)
{
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (strcmp(outcomes[i].word, word) == 0)
            return outcomes[i].outcome;
    return JOB_FAILED;
}

void uuid_make(char ret_text[static UUID_TEXT_SIZE])
{
    unsigned char bytes[16];
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    randombytes_buf(bytes, sizeof bytes);
    uint64_t milliseconds = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;

    for (int i = 5; i >= 0; i--, milliseconds >>= 8)
        bytes[i] = (unsigned char)(milliseconds & 0xff);
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x70);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    snprintf(ret_text, UUID_TEXT_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", bytes[0],
             bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7], bytes[8], bytes[9], bytes[10],
             bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]);
}
