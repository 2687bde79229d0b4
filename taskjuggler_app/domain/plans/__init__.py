"""What a workspace may have, by what its owner pays for; and how that is paid."""
