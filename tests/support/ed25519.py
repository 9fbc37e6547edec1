"""Ed25519 signature verification, RFC 8032 section 5.1.7, in plain integers.

Slow and small on purpose: a receipt must be checkable with nothing of ours.
"""
import functools
import hashlib

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)


def _add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


@functools.lru_cache(64)
def _doublings(point):
    """The point, twice, four times … as much: of keys and of the base they are asked for again and again."""
    doubled = [point]
    while len(doubled) < 256:
        doubled.append(_add(doubled[-1], doubled[-1]))
    return doubled


def _multiply(scalar, point):
    result = IDENTITY
    for bit, doubled in enumerate(_doublings(point)):
        if scalar >> bit & 1:
            result = _add(result, doubled)
    return result


def _same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def _recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_M1 % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


@functools.lru_cache(64)
def _decode(data):
    if len(data) != 32:
        return None
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2 ** 255 - 1)
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = _recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def verify(public_key, message, signature):
    """True when `signature` (64 bytes) is that of `message` under `public_key` (32 bytes)."""
    if len(signature) != 64:
        return False
    key, point = _decode(public_key), _decode(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or point is None or s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    h = int.from_bytes(digest, "little") % L
    return _same(_multiply(s, BASE), _add(point, _multiply(h, key)))


def _encode(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _secret(seed):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & (2 ** 254 - 8) | 2 ** 254
    return scalar, digest[32:]


def public_key(seed):
    """The public key of a seed (32 bytes)."""
    return _encode(_multiply(_secret(seed)[0], BASE))


def sign(seed, message):
    """A signature as a forger makes it with a key of their own."""
    scalar, prefix = _secret(seed)
    public = public_key(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    point = _encode(_multiply(r, BASE))
    h = int.from_bytes(hashlib.sha512(point + public + message).digest(), "little") % L
    return point + ((r + h * scalar) % L).to_bytes(32, "little")
