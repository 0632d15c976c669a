"""Mail through a server of one's own: out only, answers by mail are not read."""
