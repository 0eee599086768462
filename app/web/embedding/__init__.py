"""What other sites show of us: pictures of ideas and pools, the words beside them, and oEmbed, which finds both."""
