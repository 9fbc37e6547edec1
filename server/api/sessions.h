/* sessions.h: what handlers that open or show a session do alike. Private to api/. */
#ifndef TRIBUTARY_API_SESSIONS_H
#define TRIBUTARY_API_SESSIONS_H

#include "api/recording.h"
#include "http/request.h"

/* A session that is about to be opened; all texts in the request's arena. */
struct new_session {
    const char *id, *cookie, *hash, *seconds, *user_agent;
};

/* NULL: a problem is replied. */
struct new_session *session_make(struct request *request);

/* Gives the browser the cookie, or (cookie NULL) takes it away. */
void session_set_cookie(struct request *request, const char *cookie);

/* Replies who is signed in, and the token against forged requests that goes with the cookie. */
enum step_result session_reply(struct request *request, struct db *db, int status, const char *session,
                               const char *cookie);

/* Whether a signed-in person asks. False: a problem is replied, as a token is no session. */
bool session_is_there(struct request *request);

/* A wrong password or code, of an account (NULL: of nobody), on its way into the log; `problem` is replied when it is there. */
enum step_result session_failure(struct request *request, const char *account, enum problem problem);

#endif
