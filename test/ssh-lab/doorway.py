"""Listens in one network and serves every connection with `sshd -i` in another, as a gateway with two networks does.

Usage: doorway.py ADDRESS PORT SSHD PARAMETER...   Descriptor 3 is the network to listen in; it runs in the one to serve.
"""

import ctypes
import fcntl
import os
import signal
import socket
import struct
import sys

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
OUTSIDE = 3


def enter(network):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(network, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def raise_loopback():
    with socket.socket() as control:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(control, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


def serve(connection, command):
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(connection.fileno(), 0)
    os.dup2(connection.fileno(), 1)
    os.execv(command[0], command)


address, port, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
raise_loopback()
inside = os.open("/proc/self/ns/net", os.O_RDONLY)
enter(OUTSIDE)
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind((address, port))
listener.listen(128)
enter(inside)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    connection, _ = listener.accept()
    if os.fork() == 0:
        serve(connection, command)
    connection.close()
