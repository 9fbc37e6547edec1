/* system.c: health, readiness, who am I, the public keys, the wording of codes. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/common.h"
#include "api/handlers.h"

enum step_result get_health(struct request *request, struct db *db)
{
    (void)db;
    return reply_json(request, 200, json_pack("{ss}", "status", "up"));
}

enum step_result get_ready(struct request *request, struct db *db)
{
    const struct service *service = request->service;

    (void)db;
    if (!watch_is_ready(service->watch))
        return reply_problem(request, PROBLEM_unavailable, NULL);
    if (service->ready_file && access(service->ready_file, F_OK) != 0)
        return reply_problem(request, PROBLEM_unavailable,
                             request->language == LANGUAGE_ZH ? "正在準備資料" : "still being prepared");
    return reply_json(request, 200, json_pack("{ss}", "status", "ready"));
}

enum step_result get_whoami(struct request *request, struct db *db)
{
    const struct principal *who = &request->principal;

    (void)db;
    return reply_json(request, 200,
                      json_pack("{ss ss ss? ss ss ss? ss? sb}", "jurisdiction", who->jurisdiction, "role",
                                role_name(who->role), "office", who->office[0] ? who->office : NULL, "label",
                                who->label, "duty", duty_name(who->duty), "account",
                                who->account[0] ? who->account : NULL, "session", who->session[0] ? who->session : NULL,
                                "sample", request->service->sample));
}

enum step_result get_keys(struct request *request, struct db *db)
{
    static const struct db_statement list = {
        "list_keys",
        "select key, public_key, tributary.micros(since), tributary.micros(until) from tributary.signing_key order by since",
        0};
    PGresult *result = NULL;
    enum db_status status = db_run(db, &list, NULL, &result);
    json_t *keys = json_array();

    if (status == DB_UNAVAILABLE)
        status = db_run(db, &list, NULL, &result);
    if (status != DB_OK) {
        json_decref(keys);
        return reply_db_failure(request, db, (int)status, "keys_failed");
    }
    for (int i = 0; i < PQntuples(result); i++) {
        unsigned char key[PUBLIC_KEY_SIZE];
        char text[64], since[TIMESTAMP_TEXT_SIZE], until[TIMESTAMP_TEXT_SIZE];
        bool ended = result_text(result, i, 3) != NULL;

        if (!bytea_parse(PQgetvalue(result, i, 1), key, sizeof key))
            continue;
        sodium_bin2base64(text, sizeof text, key, sizeof key, sodium_base64_VARIANT_ORIGINAL);
        timestamp_format(result_int64(result, i, 2), since);
        if (ended)
            timestamp_format(result_int64(result, i, 3), until);
        json_array_append_new(keys, json_pack("{ss ss ss ss?}", "key", PQgetvalue(result, i, 0), "ed25519_public", text,
                                              "since", since, "until", ended ? until : NULL));
    }
    PQclear(result);
    return reply_json(request, 200, json_pack("{so}", "keys", keys));
}

enum step_result get_problem(struct request *request, struct db *db)
{
    const struct problem_entry *entry = problem_entry_find(request->path_parameters[0]);

    (void)db;
    if (!entry)
        return reply_problem(request, PROBLEM_not_found, NULL);
    return reply_json(request, 200,
                      json_pack("{ss si s{ss ss}}", "code", entry->code, "status", entry->status, "wording", "zh",
                                entry->wording[LANGUAGE_ZH], "en", entry->wording[LANGUAGE_EN]));
}
