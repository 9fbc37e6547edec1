/* credentials.c: whose request it is: a token, or the cookie of a session and what keeps others from using it. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "db/db.h"
#include "http/inside.h"

enum { LONGEST_SECRET = 200 };

static bool read_bearer(struct request *request)
{
    const char *header = request_header(request, MHD_HTTP_HEADER_AUTHORIZATION);

    if (!header)
        return true;
    if (strncasecmp(header, "Bearer ", 7) != 0)
        return false;
    header += 7;
    while (*header == ' ')
        header++;
    if (!*header || strlen(header) > LONGEST_SECRET)
        return false;
    request->credential.kind = CREDENTIAL_TOKEN;
    request->credential.secret = header;
    return true;
}

static void read_cookie(struct request *request)
{
    const char *cookie = MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND,
                                                     session_cookie_name(&request->service->account_rules));

    if (!cookie || !*cookie || strlen(cookie) > LONGEST_SECRET)
        return;
    request->credential.kind = CREDENTIAL_SESSION;
    request->credential.secret = cookie;
}

static bool peer_of(const struct request *request, struct network *ret_peer)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    char text[ADDRESS_TEXT_SIZE] = "";

    if (address && address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, text, sizeof text);
    else if (address && address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, text, sizeof text);
    return network_parse(text, ret_peer);
}

static enum MHD_Result keep_if_forwarded(void *kept, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    if (value && strcasecmp(name, "X-Forwarded-For") == 0)
        *(const char **)kept = value;
    return MHD_YES;
}

/* Of several such headers the last: the nearest proxy adds behind what a client made up. */
static const char *forwarded_for(const struct request *request)
{
    const char *last = NULL;

    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, keep_if_forwarded, &last);
    return last;
}

/* Where it comes from, past the proxies that are trusted. NULL where that can't be said. */
static const char *read_address(const struct request *request)
{
    char text[ADDRESS_TEXT_SIZE + 4];
    struct network peer;

    if (!peer_of(request, &peer))
        return NULL;
    peer = network_of_client(&peer, forwarded_for(request), &request->service->account_rules.proxies);
    network_format(&peer, text);
    return arena_text(request->arena, text);
}

bool request_is_same_origin(const struct request *request)
{
    const char *origin = request_header(request, MHD_HTTP_HEADER_ORIGIN),
               *host = request_header(request, MHD_HTTP_HEADER_HOST);
    const char *name = origin ? strstr(origin, "://") : NULL;

    return !origin || (name && host && strcasecmp(name + 3, host) == 0);
}

static bool changes_something(const struct request *request)
{
    return strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0;
}

/* Another site's page can make a browser send the cookie, but not this header. */
static bool is_forged(const struct request *request)
{
    const char *given = request_header(request, "X-CSRF-Token");
    char right[SECRET_SIZE];

    if (!request_is_same_origin(request) || !given || strlen(given) != SECRET_SIZE - 1)
        return true;
    csrf_token(request->credential.secret, right);
    return sodium_memcmp(given, right, SECRET_SIZE - 1) != 0;
}

enum problem read_credential(struct request *request)
{
    if (!read_bearer(request))
        return PROBLEM_unauthenticated;
    request->credential.address = read_address(request);
    if (request->credential.kind == CREDENTIAL_NONE)
        read_cookie(request);
    if (!request->route->roles)
        return PROBLEM_NONE;
    if (request->credential.kind == CREDENTIAL_NONE)
        return PROBLEM_unauthenticated;
    return request->credential.kind == CREDENTIAL_SESSION && changes_something(request) && is_forged(request)
               ? PROBLEM_request_forged
               : PROBLEM_NONE;
}

void recall_principal(struct request *request)
{
    request->principal.actor[0] = '\0';
    if (request->credential.kind != CREDENTIAL_NONE && request->route->roles)
        identity_recall(request->service->identity, &request->credential, &request->principal);
}

enum problem rights_fault(const struct request *request)
{
    const struct principal *who = &request->principal;

    if (who->must_change && !request->route->unfinished)
        return PROBLEM_password_change_needed;
    if (who->must_enrol && !request->route->unfinished)
        return PROBLEM_totp_enrolment_needed;
    return request->route->roles & (unsigned)who->role ? PROBLEM_NONE : PROBLEM_forbidden;
}

/* False: a reply is set. */
static bool ask_who(struct request *request, struct db *db)
{
    struct identity *identity = request->service->identity;
    bool known = false;
    enum db_status status = identity_check(identity, db, &request->credential, &known, &request->principal);

    if (status == DB_UNAVAILABLE) /* an idle connection may have died: once more on a new one */
        status = identity_check(identity, db, &request->credential, &known, &request->principal);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "token_check_failed");
    else if (!known)
        reply_problem(request, PROBLEM_unauthenticated, NULL);
    return status == DB_OK && known;
}

bool admit(struct request *request, struct db *db)
{
    enum problem fault;

    if (!request->route->roles)
        return true;
    if (!request->principal.actor[0] && !ask_who(request, db))
        return false;
    fault = rights_fault(request);
    if (fault != PROBLEM_NONE)
        reply_problem(request, fault, NULL);
    return fault == PROBLEM_NONE;
}
