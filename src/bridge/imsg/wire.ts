/** A chat as imsg writes it (protocol reference 4.1). */
export interface WireChat {
  id: number;
  identifier: string;
  guid: string;
  name: string;
  service: string;
  last_message_at: string;
  participants: string[];
  is_group: boolean;
  contact_name?: string;
  display_name?: string;
  unread_count?: number;
}

/** An attachment as imsg writes it (protocol reference 4.3). */
export interface WireAttachment {
  filename: string;
  transfer_name: string;
  uti: string;
  mime_type: string;
  total_bytes: number;
  is_sticker: boolean;
  original_path: string;
  missing: boolean;
  converted_path?: string;
  converted_mime_type?: string;
}

/** A message as imsg writes it (protocol reference 4.2). What a program really sent is only known after parsing. */
export interface WireMessage {
  id: number;
  guid: string;
  chat_id: number;
  chat_identifier: string;
  chat_guid: string;
  chat_name: string;
  participants: string[];
  is_group: boolean;
  sender: string;
  sender_name?: string;
  is_from_me: boolean;
  text: string;
  created_at: string;
  attachments: WireAttachment[];
  reactions: Record<string, unknown>[];
  destination_caller_id?: string;
  reply_to_guid?: string;
  thread_originator_guid?: string;
  reply_to_text?: string;
  reply_to_sender?: string;
  is_reaction?: boolean;
  reaction_type?: string;
  reaction_emoji?: string;
  is_reaction_add?: boolean;
  reacted_to_guid?: string;
  balloon_bundle_id?: string;
  url_preview?: Record<string, unknown>;
  poll?: Record<string, unknown>;
  is_read?: boolean;
  date_read?: string;
  cursor?: number;
}
