"""The people of the workspace, invitations, and the page that an invitation opens."""
