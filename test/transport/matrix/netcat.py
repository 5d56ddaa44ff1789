"""Joins its own stdin and stdout with a TCP port, as nc does: netcat.py HOST PORT."""
import os, socket, sys, threading

peer = socket.create_connection((sys.argv[1], int(sys.argv[2])))


def send():
    while data := os.read(0, 65536):
        peer.sendall(data)
    peer.shutdown(socket.SHUT_WR)


threading.Thread(target=send, daemon=True).start()
while data := peer.recv(65536):
    while data:
        data = data[os.write(1, data):]
