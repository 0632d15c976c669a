"""The loops: what happens without anybody asking for it."""
