/* network.h: addresses of machines (IPv4, IPv6) and networks of them, as text and compared. */
#ifndef TRIBUTARY_BASE_NETWORK_H
#define TRIBUTARY_BASE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

enum { ADDRESS_TEXT_SIZE = 46, NETWORKS_MOST = 16 };

struct network {
    unsigned char bytes[16]; /* IPv4 as its mapped form, ::ffff:a.b.c.d */
    int prefix;              /* bits, of 128 */
};

struct networks {
    struct network list[NETWORKS_MOST];
    size_t count;
};

/* Reads one address, or a network "10.0.0.0/8"; bits behind the prefix must be zero. No name, no zone, no port. */
bool network_parse(const char *text, struct network *ret_network);

/* Reads "10.0.0.0/8, 192.0.2.7"; at most sixteen. "" is none. */
bool networks_parse(const char *text, struct networks *ret_networks);

/* Writes it as the store reads it: an address, or one with its prefix. */
void network_format(const struct network *network, char ret_text[static ADDRESS_TEXT_SIZE + 4]);

/* Whether an address (a network of one) lies in one of the networks. */
bool networks_contain(const struct networks *networks, const struct network *address);

/* The machine that a request comes from: `peer`, or, if that is a trusted proxy, the last of the addresses that the proxies
 * added to X-Forwarded-For which isn't one of them. What doesn't read as an address counts as untrusted: then the proxy
 * before it is the one. `forwarded` may be NULL. */
struct network network_of_client(const struct network *peer, const char *forwarded, const struct networks *proxies);

#endif
